/** The database that pgtop watches the demo from: names of tables can only be looked up in one's own. */
export const SHOP = 'shop';

/** The second database of the shop. */
export const ANALYTICS = 'analytics';

/** Who works for the shop. Asked in any database, in one message. */
export const shopRoles = /* sql */ `
CREATE ROLE app_web LOGIN;
CREATE ROLE app_worker LOGIN;
CREATE ROLE reporting LOGIN;
CREATE ROLE batch LOGIN;
CREATE ROLE support LOGIN;
CREATE ROLE deploy LOGIN`;

/** CREATE DATABASE stands alone in its message. */
export const shopDatabases: readonly string[] = [`CREATE DATABASE ${SHOP}`, `CREATE DATABASE ${ANALYTICS}`];

/** The shop's tables, with rows enough for the staged statements to find theirs. */
export const shopSchema = /* sql */ `
CREATE TABLE customers (id integer PRIMARY KEY, email text, city text);
INSERT INTO customers SELECT n, 'customer' || n || '@example.com', (ARRAY['Lyon', 'Porto', 'Gent'])[n % 3 + 1] FROM generate_series(1, 500) n;
CREATE TABLE products (id integer PRIMARY KEY, name text, price numeric(8, 2));
INSERT INTO products SELECT n, 'Lamp ' || n, n % 90 + 9.95 FROM generate_series(1000, 1299) n;
CREATE TABLE stock (product_id integer, warehouse text, on_hand integer, reserved integer, PRIMARY KEY (warehouse, product_id));
INSERT INTO stock SELECT n, w, 100, 0 FROM generate_series(1000, 1049) n, unnest(ARRAY['rotterdam', 'turin']) w;
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, status text, total numeric(8, 2));
INSERT INTO orders SELECT n, n % 500 + 1, 'open', n % 200 FROM generate_series(5000, 5499) n;
CREATE TABLE payments (id integer PRIMARY KEY, order_id integer, state text);
INSERT INTO payments SELECT n, n - 1000, 'authorised' FROM generate_series(6000, 6499) n;
CREATE TABLE invoices (id integer PRIMARY KEY, order_id integer, sent_at timestamptz, paid boolean);
INSERT INTO invoices SELECT n, n - 2000, NULL, false FROM generate_series(7000, 7499) n;
CREATE TABLE payouts (id integer PRIMARY KEY, seller_id integer, state text);
INSERT INTO payouts SELECT n, n % 20, 'due' FROM generate_series(300, 349) n;
CREATE TABLE coupons (code text PRIMARY KEY, percent integer);
INSERT INTO coupons VALUES ('BLACKFRIDAY', 30), ('WELCOME', 10);
CREATE TABLE carts (customer_id integer PRIMARY KEY, items integer, touched_at timestamptz);
INSERT INTO carts SELECT n, 0, now() FROM generate_series(1, 100) n;
CREATE TABLE page_views (path text, seen_at timestamptz);
CREATE TABLE shipments (id integer, order_id integer, carrier text, shipped_at date, status text);
INSERT INTO shipments SELECT n, 5000 + n % 500, (ARRAY['post', 'van', 'bike'])[n % 3 + 1], date '2026-01-01' + n % 300, 'on its way' FROM generate_series(1, 12000) n;
ALTER TABLE shipments OWNER TO deploy;
CREATE FUNCTION delivery_days(shipment shipments) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sum(n) FROM generate_series(1, 4000) n;
  PERFORM pg_sleep(0.2);
  RETURN shipment.id % 9;
END $$;
CREATE FUNCTION search_products(words text) RETURNS SETOF products LANGUAGE sql AS $$
  SELECT pg_sleep(0.12);
  SELECT p.* FROM products p WHERE p.name ILIKE '%' || words || '%'
   ORDER BY (SELECT sum(abs(q.price - p.price)) FROM products q) LIMIT 20
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO PUBLIC`;

/** What the analysts have: one table of facts, read by parallel workers whatever its size, at a pace that lets them be seen. */
export const analyticsSchema = /* sql */ `
CREATE TABLE order_facts (order_id integer, region text, ordered_on date, amount numeric(8, 2), cost numeric(8, 2));
INSERT INTO order_facts SELECT n, (ARRAY['north', 'south', 'west'])[n % 3 + 1], date '2026-01-01' + n % 300, n % 200, n % 120 FROM generate_series(1, 20000) n;
ALTER TABLE order_facts SET (parallel_workers = 3);
CREATE FUNCTION margin(fact order_facts) RETURNS numeric LANGUAGE plpgsql PARALLEL SAFE AS $$
BEGIN
  PERFORM sum(n) FROM generate_series(1, 4000) n;
  PERFORM pg_sleep(0.05);
  RETURN fact.amount - fact.cost;
END $$;
CREATE FUNCTION lifetime_value(fact order_facts) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep(0.1);
  RETURN fact.amount * 3;
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;
ALTER DATABASE ${ANALYTICS} SET max_parallel_workers_per_gather = 3;
ALTER DATABASE ${ANALYTICS} SET parallel_setup_cost = 0;
ALTER DATABASE ${ANALYTICS} SET parallel_tuple_cost = 0`;
