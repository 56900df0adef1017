import {COLUMN} from '../../source/postgres/queries/activity.ts';
import {hostileText} from '../helpers/hostile-texts.ts';
import {activityRow, OWN_PID, type PlayedServer, playServer, type Row} from '../helpers/played-server.ts';
import {type Random, randomFrom} from '../helpers/random.ts';

/** A server whose sessions are hostile in six fields: user, database, application, client, wait event and query. */
export type HostileServer = PlayedServer & {
  /** Replaces all sessions by new ones with other texts. */
  next(): void;
  /** A word in the query of the last of the present sessions from when on all their names have been asked for. */
  settled(): string;
  /** Texts of each field that were handed over so far. */
  count(): number;
  /** How often it was asked for its sessions. */
  refreshes(): number;
};

const EARLIER = '2026-09-21 14:00:00+00';
const STARTS = {backendStart: EARLIER, xactStart: EARLIER, queryStart: EARLIER, stateChange: EARLIER};
const OWN = activityRow({clock: '2026-09-21 14:13:20+00', pid: String(OWN_PID), ...STARTS});
/** Long enough for the widest screen, whatever the hostile part takes. */
const TAIL = 'x'.repeat(320);

/** Stands behind every control that the program itself uses to move the cursor, so that a leaked one can be told from those. */
export const TRACER = '\u2604';

/** A text as a server can have it, which lets in no NUL. */
const textFrom = (random: Random) =>
  hostileText(random)
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(/[\b\r\v]/g, `$&${TRACER}`);

/** As `encode(…, 'escape')` prints it. */
function escaped(text: string): string {
  return [...Buffer.from(text)]
    .map(byte =>
      byte === 0x5c
        ? '\\\\'
        : byte < 0x80
          ? String.fromCharCode(byte)
          : `\\${byte.toString(8).padStart(3, '0')}`,
    )
    .join('');
}

/** Plays such a server with so many sessions at a time on the socket of a folder. */
export async function playHostileServer(
  folder: string,
  sessions: number,
  seed: number,
): Promise<HostileServer> {
  const random = randomFrom(seed);
  let batch = 0;
  let refreshes = 0;
  let asked = new Set<string>();
  let rows: readonly Row[] = [];
  const settled = () => `settled-${batch}-`;

  const sessionRow = (index: number): Row => {
    const id = String(batch * 1_000 + index);
    const [app, client, wait, query] = [1, 2, 3, 4].map(() => textFrom(random));
    return activityRow({
      pid: `${100_000 + Number(id)}`,
      datid: id,
      usesysid: id,
      applicationName: `a${app}`,
      clientHostname: `c${client}`,
      clientPort: '5432',
      ...STARTS,
      waitEventType: 'Extension',
      waitEvent: `w${wait}`,
      state: 'active',
      backendType: 'client backend',
      query: escaped(`q${query} ${TAIL}`),
    });
  };
  const next = () => {
    batch += 1;
    asked = new Set();
    rows = Array.from({length: sessions}, (_, index) => sessionRow(index));
  };
  const names = (kind: string, ...more: readonly string[]): readonly Row[] => {
    asked.add(kind);
    return Array.from({length: sessions}, (_, index) => [
      String(batch * 1_000 + index),
      `n${textFrom(random)}`,
      ...more,
    ]);
  };
  const activity = (): readonly Row[] => {
    refreshes += 1;
    const last = rows.at(-1) ?? [];
    const isSettled = asked.size === 2;
    const marked = isSettled ? last.with(COLUMN.query, `${settled()} ${TAIL}`) : last;
    return [OWN, ...rows.slice(0, -1), marked];
  };

  next();
  const played = await playServer(folder, statement => {
    if (statement.includes('pg_stat_get_activity')) return activity();
    if (statement.includes('pg_catalog.pg_roles')) return names('roles', 'f', 't');
    if (statement.includes('d.datname, ')) return names('databases', 'UTF8');
    return [];
  });
  return {...played, next, settled, count: () => batch * sessions, refreshes: () => refreshes};
}
