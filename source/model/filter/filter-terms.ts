import {type Backend, isIdleInXact, isWaitingForLock} from '../backend.ts';
import type {Session} from '../session.ts';

/** What a filter has to be told beside the session: whether the user has tagged it. */
export type FilterContext = {readonly isTagged: (session: Session) => boolean};

type TextFieldEntry = {
  readonly meaning: string;
  /** True when the test holds for one of the texts the field stands for; NULL counts as the empty text. */
  readonly some: (backend: Backend, test: (text: string) => boolean) => boolean;
};

function isAddress({clientAddr, clientHostname}: Backend, test: (text: string) => boolean): boolean {
  return test(clientAddr ?? '') || (clientHostname !== null && test(clientHostname));
}

/** The fields with a text, as in `user:x`, `user=x`, `user~/x/`. */
export const textFields = {
  user: {meaning: 'role', some: (backend, test) => test(backend.usename ?? '')},
  db: {meaning: 'database', some: (backend, test) => test(backend.datname ?? '')},
  app: {meaning: 'application name', some: (backend, test) => test(backend.applicationName)},
  client: {
    meaning: 'client address or host name; local is a Unix-domain socket',
    some: (backend, test) => isAddress(backend, test) || (backend.clientPort === -1 && test('local')),
  },
  query: {meaning: 'query text', some: (backend, test) => test(backend.query)},
  state: {
    meaning: 'state; idletx is idle in transaction, aborted or not',
    some: (backend, test) => test(backend.state ?? '') || (isIdleInXact(backend) && test('idletx')),
  },
  wait: {
    meaning: 'wait event type, wait event, or both as Lock:relation',
    some: ({waitEventType, waitEvent}, test) =>
      test(waitEventType ?? '') ||
      (waitEvent !== null && (test(waitEvent) || test(`${waitEventType}:${waitEvent}`))),
  },
  type: {meaning: 'backend type', some: (backend, test) => test(backend.backendType ?? '')},
} satisfies Record<string, TextFieldEntry>;

type AgeFieldEntry = {readonly meaning: string; readonly ageMs: (session: Session) => number | null};

/** True when the test holds for a text that a word or a bare regular expression looks in; the query, the longest, comes last. */
export function someWord(backend: Backend, test: (text: string) => boolean): boolean {
  return (
    test(backend.usename ?? '') ||
    test(backend.datname ?? '') ||
    test(backend.applicationName) ||
    isAddress(backend, test) ||
    test(String(backend.pid)) ||
    test(backend.query)
  );
}

/** The fields with an age, as in `xact>5m`. A null age is neither over nor under anything. */
export const ageFields = {
  query: {meaning: 'age of the running or latest query', ageMs: session => session.queryAgeMs},
  xact: {meaning: 'age of the open transaction', ageMs: session => session.xactAgeMs},
  state: {meaning: 'time in the present state', ageMs: session => session.stateAgeMs},
  session: {meaning: 'time since the session began', ageMs: session => session.sessionAgeMs},
} satisfies Record<string, AgeFieldEntry>;

type KeywordEntry = {
  readonly meaning: string;
  readonly holds: (session: Session, context: FilterContext) => boolean;
};

/** The words that stand for a condition. */
export const filterKeywords = {
  waiting: {
    meaning: 'waits for a lock',
    holds: ({backend, blockedBy}) => isWaitingForLock(backend) || blockedBy.length > 0,
  },
  blocking: {meaning: 'another session waits for it', holds: session => session.blocksDirectly > 0},
  blocked: {
    meaning: 'another session or transaction blocks it',
    holds: session => session.blockedBy.length > 0,
  },
  root: {
    meaning: 'blocks others and is blocked by nobody',
    holds: ({blocksDirectly, blockedBy}) => blocksDirectly > 0 && blockedBy.length === 0,
  },
  idle: {meaning: 'idle, outside a transaction', holds: ({backend}) => backend.state === 'idle'},
  active: {meaning: 'runs a query', holds: ({backend}) => backend.state === 'active'},
  worker: {
    meaning: 'works for another process (leader_pid)',
    holds: ({backend}) => backend.leaderPid !== null,
  },
  tagged: {meaning: 'tagged by you', holds: (session, context) => context.isTagged(session)},
} satisfies Record<string, KeywordEntry>;

/** A field with a text, by its name in filter expressions. */
export type TextField = keyof typeof textFields;
/** A field with an age, by its name in filter expressions. */
export type AgeField = keyof typeof ageFields;
/** A word that stands for a condition. */
export type FilterKeyword = keyof typeof filterKeywords;

/** True for the name of a field with a text. */
export function isTextField(name: string): name is TextField {
  return Object.hasOwn(textFields, name);
}

/** True for the name of a field with an age. */
export function isAgeField(name: string): name is AgeField {
  return Object.hasOwn(ageFields, name);
}

/** True for a word that stands for a condition. */
export function isFilterKeyword(word: string): word is FilterKeyword {
  return Object.hasOwn(filterKeywords, word);
}

/** Every field name of the grammar, those with a text or an age and the two with numbers, each once. */
export const fieldNames: readonly string[] = [
  ...new Set([...Object.keys(textFields), ...Object.keys(ageFields), 'pid', 'queryid']),
];
