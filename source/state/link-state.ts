/** How the data get here. */
export type LinkState =
  | {readonly type: 'live'}
  /** The last refresh failed; the connection is there. */
  | {readonly type: 'late'; readonly message: string}
  /** No connection; it is being opened again at `retryAtMs` of the local clock, or null when somebody has to ask for it. `why` as PollFailure has it. */
  | {
      readonly type: 'lost';
      readonly message: string;
      readonly why: 'lost' | 'full' | 'refused';
      readonly retryAtMs: number | null;
    };
