import type {Routine} from './actor.ts';
import {ANALYTICS, SHOP} from './shop-schema.ts';

/** Who opens the sessions of the incident, and where. */
export const staff = {
  web: {user: 'app_web', database: SHOP},
  worker: {user: 'app_worker', database: SHOP},
  support: {user: 'support', database: SHOP},
  deploy: {user: 'deploy', database: SHOP},
  batch: {user: 'batch', database: SHOP},
  report: {user: 'reporting', database: SHOP},
  analyst: {user: 'reporting', database: ANALYTICS},
  nightly: {user: 'batch', database: ANALYTICS},
} as const;

/** What a waiter of the web shop goes on with once it got through. */
export const shopping: Routine = {
  pauseMs: 400,
  statements: [
    'SELECT id, name, price FROM products WHERE id = 1207',
    "INSERT INTO page_views (path, seen_at) VALUES ('/lamps/1207', now())",
    'SELECT items, touched_at FROM carts WHERE customer_id = 88',
  ],
};

/** What a waiter of the back office goes on with once it got through. */
export const bookkeeping: Routine = {
  pauseMs: 900,
  statements: [
    "SELECT id, order_id FROM payments WHERE state = 'authorised' ORDER BY id LIMIT 50",
    'SELECT count(*) FROM invoices WHERE sent_at IS NULL',
  ],
};
