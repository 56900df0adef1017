/** Tells listeners that something changed. */
export type Notifier = {
  notify(): void;
  /** Calls the listener at every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
};

/** A notifier without listeners. */
export function createNotifier(): Notifier {
  const listeners = new Set<() => void>();
  return {
    notify: () => {
      for (const listener of [...listeners]) listener();
    },
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What a wait looks at, when it looks again, and when it stops. */
export type Wait<T> = {
  /** The value waited for; undefined means not yet. What it throws ends the wait. */
  readonly look: () => T | undefined;
  /** Tells when looking again makes sense. */
  readonly changes: Notifier;
  /** Whether there is no point in waiting any longer. */
  readonly isOver: () => boolean;
  readonly deadlineMs: number;
};

/** Resolves with the first value that `look` finds, now or after a change; with undefined once it is over or too late. */
export function firstValue<T>({look, changes, isOver, deadlineMs}: Wait<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const check = (isLast: boolean): void => {
      try {
        const value = look();
        if (value === undefined && !isLast && !isOver()) return;
        resolve(value);
      } catch (error) {
        reject(error);
      }
      clearTimeout(timer);
      unsubscribe();
    };
    const timer = setTimeout(() => check(true), deadlineMs);
    const unsubscribe = changes.subscribe(() => check(false));
    check(false);
  });
}
