/** One session of the staged incident. */
export type Actor = {
  readonly applicationName: string;
  readonly user: string;
  readonly database: string;
  /** Run one after the other before anything hangs; what they lock stays locked while a transaction is open. */
  readonly opening?: readonly string[];
  /** The last opening statement fails on purpose and leaves its transaction aborted. */
  readonly endsAborted?: true;
  /** The statement that is left hanging. */
  readonly hanging?: Hanging;
  /** Done again and again: from the start, or by a waiter that got through. Touches nothing that anybody holds. */
  readonly routine?: Routine;
  /** Comes back as a new session when it was ended. */
  readonly reconnects?: true;
};

/** A statement that takes as long as the incident does. */
export type Hanging = {
  readonly statement: string;
  /** Hangs because it waits for a lock; the incident stands when all of these wait. */
  readonly waitsForLock: boolean;
  /** A question in the shop's database; the statement is sent once it has an answer. */
  readonly after?: string;
  /** Done when the statement got through. */
  readonly afterwards?: readonly string[];
};

/** Statements in turn, each after a pause. */
export type Routine = {readonly statements: readonly string[]; readonly pauseMs: number};
