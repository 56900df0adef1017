import type {Connection} from '../postgres/connection.ts';
import {measureDatabases} from '../postgres/database-sizes.ts';
import {errorText} from '../postgres/sql-state.ts';
import type {Action} from '../state/action.ts';
import type {State} from '../state/state.ts';

/** Measures databases while the monitor goes on. */
export type SizeGauge = {
  /** Measures those of the server on screen; what comes of it comes back as actions. Never rejects. */
  measure(state: State): Promise<void>;
  /** Gives up what is being measured. */
  stop(): void;
};

/** A gauge whose sessions come from `open`. */
export function createSizeGauge(
  open: () => Promise<Connection>,
  dispatch: (action: Action) => void,
): SizeGauge {
  let running: AbortController | null = null;
  return {
    async measure({sizes: {server}}) {
      running?.abort();
      if (server === null) return;
      const own = new AbortController();
      running = own;
      try {
        await measureDatabases({
          open,
          server,
          onMeasured: (size, total) => {
            if (!own.signal.aborted) dispatch({type: 'database-measured', size, total});
          },
          signal: own.signal,
        });
        if (!own.signal.aborted) dispatch({type: 'measuring-ended', problem: null});
      } catch (error) {
        if (!own.signal.aborted) dispatch({type: 'measuring-ended', problem: errorText(error)});
      }
    },
    stop() {
      running?.abort();
    },
  };
}
