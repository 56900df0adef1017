import type {Actor} from './actor.ts';
import {staff} from './shop-staff.ts';

const open: readonly Actor[] = [
  {
    ...staff.web,
    applicationName: 'coupon-service',
    opening: [
      'BEGIN',
      "SELECT percent FROM coupons WHERE code = 'BLACKFRIDAY'",
      "INSERT INTO coupons (code, percent) VALUES ('BLACKFRIDAY', 40)",
    ],
    endsAborted: true,
  },
  {
    ...staff.support,
    applicationName: 'DBeaver 26.1',
    opening: ['BEGIN', "SELECT id, email FROM customers WHERE city = 'Gent' ORDER BY id LIMIT 200"],
  },
];

const salesCube =
  "SELECT region, date_trunc('month', ordered_on) AS month, sum(margin(f)) AS margin FROM order_facts f GROUP BY 1, 2";

const longRunning: readonly Actor[] = [
  {
    ...staff.analyst,
    applicationName: 'Tableau',
    hanging: {
      statement:
        'SELECT region, sum(lifetime_value(f)) AS value FROM order_facts f GROUP BY region ORDER BY value DESC',
      waitsForLock: false,
    },
  },
  {
    ...staff.nightly,
    applicationName: 'sales-cube',
    hanging: {statement: salesCube, waitsForLock: false},
    routine: {statements: [salesCube], pauseMs: 20_000},
  },
];

/** Sessions that a connection pool or a person keeps open: how many, and the statement each ran last. */
const idlePools: readonly (readonly [count: number, who: Actor, last: string])[] = [
  [7, {...staff.web, applicationName: 'shop-web'}, 'SELECT id, email, city FROM customers WHERE id = 417'],
  [
    3,
    {...staff.web, applicationName: 'checkout-api'},
    'SELECT id, status, total FROM orders WHERE customer_id = 91',
  ],
  [3, {...staff.worker, applicationName: 'mailer'}, 'SELECT id FROM invoices WHERE sent_at IS NULL LIMIT 20'],
  [
    2,
    {...staff.worker, applicationName: 'search-indexer'},
    'SELECT id, name FROM products ORDER BY id LIMIT 100',
  ],
  [
    2,
    {...staff.analyst, applicationName: 'Metabase'},
    'SELECT region, count(*) FROM order_facts GROUP BY region',
  ],
  [3, {...staff.nightly, applicationName: 'airflow'}, 'SELECT max(ordered_on) FROM order_facts'],
  [
    1,
    {...staff.support, applicationName: 'DataGrip 2026.3'},
    'SELECT * FROM orders ORDER BY id DESC LIMIT 500',
  ],
  [1, {...staff.deploy, applicationName: 'psql'}, 'SELECT version()'],
];

const idle = idlePools.flatMap(([count, who, last]) =>
  Array.from({length: count}, (): Actor => ({...who, opening: [last]})),
);

/** The shop's daily business; its sessions come back when somebody ends them. */
const trickle: readonly Actor[] = [
  ...[31, 57, 83].map(
    (customer, index): Actor => ({
      ...staff.web,
      applicationName: 'shop-web',
      reconnects: true,
      routine: {
        pauseMs: 70 + 40 * index,
        statements: [
          "SELECT * FROM search_products('lamp 12')",
          `SELECT id, name, price FROM products WHERE id = ${1000 + customer}`,
          `INSERT INTO page_views (path, seen_at) VALUES ('/lamps/${1000 + customer}', now())`,
          `UPDATE carts SET items = items + 1, touched_at = now() WHERE customer_id = ${customer}`,
        ],
      },
    }),
  ),
  {
    ...staff.worker,
    applicationName: 'price-feed',
    reconnects: true,
    routine: {
      pauseMs: 130,
      statements: [
        'UPDATE products SET price = price + 0.05 WHERE id = 1255',
        'UPDATE products SET price = price - 0.05 WHERE id = 1255',
      ],
    },
  },
  {
    ...staff.worker,
    applicationName: 'event-collector',
    reconnects: true,
    routine: {
      pauseMs: 60,
      statements: [
        "INSERT INTO page_views (path, seen_at) SELECT '/lamps/' || n, now() FROM generate_series(1200, 1209) n",
      ],
    },
  },
];

/** Everybody who neither waits for a lock nor holds anybody up. */
export const stagedBystanders: readonly Actor[] = [...open, ...longRunning, ...idle, ...trickle];
