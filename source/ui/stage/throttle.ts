/** A function that is called no more often than once in a time, and always with what it was given last. */
export type Throttled<Given extends readonly unknown[]> = {
  (...given: Given): void;
  /** Makes up for a call that still waits, now. */
  flush(): void;
  /** Forgets a call that still waits. */
  cancel(): void;
};

/**
 * Stands in for the throttle that Ink takes: the first call is made at once, one that comes within `waitMs` after it at the end of that
 * time. That one wakes the program after every frame to see whether there was another; this one only when there was.
 */
export function throttle<Given extends readonly unknown[]>(
  call: (...given: Given) => void,
  waitMs = 0,
): Throttled<Given> {
  let calledAt = Number.NEGATIVE_INFINITY;
  let waiting: {readonly given: Given; readonly timer: NodeJS.Timeout} | null = null;

  const callNow = (given: Given) => {
    calledAt = performance.now();
    call(...given);
  };
  const cancel = () => {
    clearTimeout(waiting?.timer);
    waiting = null;
  };
  const flush = () => {
    const given = waiting?.given;
    cancel();
    if (given !== undefined) callNow(given);
  };
  const throttled = (...given: Given) => {
    const restMs = calledAt + waitMs - performance.now();
    if (waiting === null && restMs <= 0) callNow(given);
    else waiting = {given, timer: waiting?.timer ?? setTimeout(flush, Math.max(1, restMs))};
  };
  return Object.assign(throttled, {flush, cancel});
}
