import type {Random} from '../helpers/random.ts';

const MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

/** What makes the objects of a scene: three tables, a table of two rows, a schema, a table to upsert into, and a table to scan in parallel. */
export function sceneObjects(scene: number): string {
  return `
    CREATE TABLE t${scene}_0 (n int); CREATE TABLE t${scene}_1 (n int); CREATE TABLE t${scene}_2 (n int);
    CREATE TABLE r${scene} AS SELECT id, 0 AS n FROM generate_series(0, 1) AS id;
    CREATE SCHEMA s${scene};
    CREATE TABLE u${scene} (key int);
    CREATE UNIQUE INDEX ON u${scene} (key);
    CREATE UNIQUE INDEX ON u${scene} (held_up(key, ${scene}));
    CREATE TABLE f${scene} AS SELECT n FROM generate_series(1, 100) AS n;
    CREATE FUNCTION scan${scene}(n int) RETURNS int LANGUAGE plpgsql PARALLEL SAFE AS $$
      BEGIN
        PERFORM FROM t${scene}_2; PERFORM FROM t${scene}_1; PERFORM FROM t${scene}_0; PERFORM pg_sleep(3600);
      RETURN n; END $$`;
}

/**
 * What the scenes of a database share: a function of an index that waits for advisory lock (-1, scene). It is called between the entries of two
 * unique indexes, while others can see the row and have to wait for its speculative token.
 */
export const SHARED_OBJECTS = `
  CREATE FUNCTION held_up(key int, scene int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(-1, scene); RETURN key; END $$`;

/** A statement in a transaction that takes a lock of a scene's own objects, and may wait for it. Tables come most often, for a queue takes several. */
export function randomStatement(random: Random, scene: number): string {
  const key = random.below(2);
  const mode = random.pick(MODES);
  return random.pick([
    `LOCK t${scene}_${random.below(3)} IN ${mode} MODE`,
    `LOCK t${scene}_${random.below(3)} IN ${mode} MODE`,
    ...Array.from({length: 6}, () => `LOCK t${scene}_0 IN ${mode} MODE`),
    `LOCK t${scene}_2`,
    `SELECT pg_advisory_xact_lock(${scene}, ${key})`,
    `SELECT pg_advisory_xact_lock_shared(${scene}, ${key})`,
    `SELECT pg_advisory_xact_lock(${2 ** 33 * (scene + 1) + key})`,
    `SELECT pg_advisory_lock_shared(${-(scene + 1)})`,
    `UPDATE r${scene} SET n = n + 1 WHERE id = ${key}`,
    `UPDATE r${scene} SET n = n + 1 WHERE id = ${key}`,
    `SELECT * FROM r${scene} WHERE id = ${key} FOR ${random.pick(['UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE'])}`,
    `COMMENT ON SCHEMA s${scene} IS '${random.below(9)}'`,
    `DROP SCHEMA s${scene}`,
    `SELECT pg_advisory_xact_lock(-1, ${scene})`,
    `INSERT INTO u${scene} VALUES (1) ON CONFLICT (key) DO NOTHING`,
    `INSERT INTO u${scene} VALUES (1) ON CONFLICT (key) DO NOTHING`,
  ]);
}

/** A query whose workers lock a table of the scene, wait for that if they have to, and then keep it. */
export function parallelStatement(scene: number): string {
  return `SELECT scan${scene}(n) FROM f${scene}`;
}

/** A statement outside of a transaction that waits for the virtual transactions of others, or for a table first. */
export function indexStatement(random: Random, scene: number): string {
  return `CREATE INDEX CONCURRENTLY i${scene} ON t${scene}_${random.below(3)} (n)`;
}
