import type {Backend} from './backend.ts';

/** What sessions and their load are told apart by. */
export type DimensionId = 'user' | 'database' | 'application' | 'client' | 'state' | 'queryid' | 'wait';

/** One of them: everything that is known of it, in one place. */
export type Dimension = {
  readonly id: DimensionId;
  readonly title: string;
  /** The value of a backend; empty for none. */
  readonly valueOf: (backend: Backend) => string;
  /** The filter terms that hold for exactly the backends of a value; null where no filter says it. */
  readonly filterOf: (value: string) => string | null;
};

/** Every dimension. */
export const DIMENSIONS: Readonly<Record<DimensionId, Dimension>> = {
  user: {
    id: 'user',
    title: 'user',
    valueOf: ({usename}) => usename ?? '',
    filterOf: value => `user=${quoted(value)}`,
  },
  database: {
    id: 'database',
    title: 'database',
    valueOf: ({datname}) => datname ?? '',
    filterOf: value => `db=${quoted(value)}`,
  },
  application: {
    id: 'application',
    title: 'application',
    valueOf: ({applicationName}) => applicationName,
    filterOf: value => `app=${quoted(value)}`,
  },
  client: {
    id: 'client',
    title: 'client',
    // Not by the host name, which a server may have looked up for some of its sessions only.
    valueOf: ({clientAddr, clientPort}) => clientAddr ?? (clientPort === -1 ? 'local' : ''),
    // A client on a socket has no address either.
    filterOf: value => (value === '' ? 'client="" !client=local' : `client=${quoted(value)}`),
  },
  state: {
    id: 'state',
    title: 'state',
    valueOf: ({state}) => state ?? '',
    filterOf: value => `state=${quoted(value)}`,
  },
  queryid: {
    id: 'queryid',
    title: 'query id',
    valueOf: ({queryId}) => queryId ?? '',
    filterOf: value => (value === '' ? null : `queryid:${value}`),
  },
  wait: {
    id: 'wait',
    title: 'wait event',
    valueOf: ({waitEventType, waitEvent}) =>
      waitEventType === null ? '' : `${waitEventType}:${waitEvent ?? ''}`,
    filterOf: value => `wait=${quoted(value)}`,
  },
};

/** A value as a filter expression has it, in quotes unless it is a plain word. */
function quoted(value: string): string {
  return /^[\w.-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
