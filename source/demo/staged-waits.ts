import type {Actor, Hanging} from './actor.ts';
import {bookkeeping, shopping, staff} from './shop-staff.ts';

const waitsWith = (
  statement: string,
  more: Pick<Hanging, 'after' | 'afterwards'> = {},
): Pick<Actor, 'hanging'> => ({
  hanging: {statement, waitsForLock: true, ...more},
});

/** Somebody corrected the stock by hand and went away: ten sessions wait behind that transaction. */
const rootBlocker: Actor = {
  ...staff.support,
  applicationName: 'psql',
  opening: ['BEGIN', "UPDATE stock SET reserved = 0 WHERE warehouse = 'rotterdam'"],
};

/** Six that wait for the root blocker itself, each for another row. */
const fan: readonly Actor[] = [
  ...[1007, 1012, 1018].map(id => ({
    ...staff.web,
    applicationName: 'checkout-api',
    ...waitsWith(
      `UPDATE stock SET reserved = reserved + 1 WHERE warehouse = 'rotterdam' AND product_id = ${id}`,
    ),
    routine: shopping,
  })),
  {
    ...staff.web,
    applicationName: 'shop-web',
    ...waitsWith(
      "SELECT on_hand - reserved FROM stock WHERE warehouse = 'rotterdam' AND product_id = 1021 FOR UPDATE",
    ),
    routine: shopping,
  },
  {
    ...staff.worker,
    applicationName: 'goods-receipt',
    ...waitsWith(
      "UPDATE stock SET on_hand = on_hand + 40 WHERE warehouse = 'rotterdam' AND product_id = 1033",
    ),
    routine: bookkeeping,
  },
  {
    ...staff.batch,
    applicationName: 'stock-count',
    ...waitsWith("DELETE FROM stock WHERE warehouse = 'rotterdam' AND product_id = 1049"),
    routine: bookkeeping,
  },
];

/** Four that wait one for the other, the first of them for the root blocker. */
const chain: readonly Actor[] = [
  {
    ...staff.web,
    applicationName: 'checkout-api',
    opening: ['BEGIN', "UPDATE orders SET status = 'paid' WHERE id = 5311"],
    ...waitsWith(
      "UPDATE stock SET on_hand = on_hand - 1 WHERE warehouse = 'rotterdam' AND product_id = 1001",
      {
        afterwards: ['COMMIT'],
      },
    ),
    routine: shopping,
  },
  {
    ...staff.worker,
    applicationName: 'payment-capture',
    opening: ['BEGIN', "UPDATE payments SET state = 'captured' WHERE id = 6311"],
    ...waitsWith("UPDATE orders SET status = 'to ship' WHERE id = 5311 RETURNING customer_id, total", {
      afterwards: ['COMMIT'],
    }),
    routine: bookkeeping,
  },
  {
    ...staff.worker,
    applicationName: 'invoice-mailer',
    opening: ['BEGIN', 'UPDATE invoices SET sent_at = now() WHERE id = 7311'],
    ...waitsWith('SELECT state FROM payments WHERE id = 6311 FOR UPDATE', {afterwards: ['COMMIT']}),
    routine: bookkeeping,
  },
  {
    ...staff.batch,
    applicationName: 'billing-run',
    ...waitsWith('UPDATE invoices SET paid = true WHERE id BETWEEN 7300 AND 7320'),
    routine: bookkeeping,
  },
];

const reportHasRead = "SELECT FROM pg_locks WHERE relation = 'shipments'::regclass AND granted";
const migrationQueues = "SELECT FROM pg_locks WHERE relation = 'shipments'::regclass AND NOT granted";

/** A report that reads, a migration that waits for it, and two readers that must queue behind the migration. */
const migrationTree: readonly Actor[] = [
  {
    ...staff.report,
    applicationName: 'Metabase',
    hanging: {
      statement:
        "SELECT carrier, date_trunc('week', shipped_at) AS week, avg(delivery_days(s)) AS days FROM shipments s GROUP BY 1, 2",
      waitsForLock: false,
    },
  },
  {
    ...staff.deploy,
    applicationName: 'migrate 0912',
    ...waitsWith('ALTER TABLE shipments ADD COLUMN customs_code text', {after: reportHasRead}),
  },
  {
    ...staff.web,
    applicationName: 'tracking-page',
    ...waitsWith('SELECT status, carrier FROM shipments WHERE order_id = 5204', {after: migrationQueues}),
    routine: shopping,
  },
  {
    ...staff.support,
    applicationName: 'support-desk',
    ...waitsWith('SELECT * FROM shipments WHERE order_id = 5417 ORDER BY id', {after: migrationQueues}),
    routine: bookkeeping,
  },
];

/** A transaction that was prepared and forgotten: there is no session to end, and two wait for it. */
const preparedTree: readonly Actor[] = [
  {
    ...staff.worker,
    applicationName: 'payout-service',
    opening: [
      'BEGIN',
      "UPDATE payouts SET state = 'sent' WHERE id IN (301, 302)",
      "PREPARE TRANSACTION 'payout-eu-1122'",
    ],
  },
  {
    ...staff.worker,
    applicationName: 'payout-service',
    ...waitsWith("UPDATE payouts SET state = 'held' WHERE id = 301"),
    routine: bookkeeping,
  },
  {
    ...staff.support,
    applicationName: 'support-desk',
    ...waitsWith("UPDATE payouts SET state = 'due' WHERE id = 302"),
    routine: bookkeeping,
  },
];

/** Everybody who waits for a lock and everybody who is waited for: three trees, the first with the most behind its root. */
export const stagedWaits: readonly Actor[] = [
  rootBlocker,
  ...fan,
  ...chain,
  ...migrationTree,
  ...preparedTree,
];
