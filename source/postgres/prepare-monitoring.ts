import {type Capabilities, probe} from './capabilities.ts';
import {type Collector, createCollector} from './collector.ts';
import type {Connection} from './connection.ts';
import {type Effort, measureEffort} from './measure-effort.ts';
import {createNameCache, type NameCache} from './name-cache.ts';
import {rememberRefusals} from './remember-refusals.ts';
import {prepareSession} from './session-recipe.ts';

/** A session that is ready to be read from. */
export type PreparedSession = {
  readonly connection: Connection;
  readonly capabilities: Capabilities;
  readonly names: NameCache;
  readonly collector: Collector;
  /** What the preparation and the refreshes have taken so far; other questions of this session left out. */
  readonly effort: () => Effort;
};

/** Opens a connection and prepares it for monitoring. @throws as openConnection and prepareSession do; nothing stays open then. */
export async function prepareMonitoring(open: () => Promise<Connection>): Promise<PreparedSession> {
  const connection = await open();
  try {
    const {measured, effort} = measureEffort(connection);
    await prepareSession(measured);
    const capabilities = await probe(measured);
    const asking = rememberRefusals(measured);
    const names = createNameCache(asking);
    const collector = createCollector(asking, capabilities, names, () => performance.now());
    return {connection, capabilities, names, collector, effort};
  } catch (error) {
    await connection.close();
    throw error;
  }
}
