import type {Confirmation, Mode} from '../state/mode.ts';

/** Finds out from when on a key can be meant for the dialog on screen. */
export type DialogArming = {
  /** A mode was drawn. */
  drawn(mode: Mode): void;
  /** The terminal answered a question. */
  answered(): void;
  /**
   * Asks nothing any more until `back`. Resolves when no answer is on its way, or none came for a moment: it would end up in the
   * shell's input.
   */
  leave(): Promise<void>;
  /** The terminal is ours again, and shows this mode. */
  back(mode: Mode): void;
};

/** A question on its way, and the dialog it is about; null for the one at the start. */
type Question = {readonly about: Confirmation | null};

/** How long a dialog is on screen before a key counts: nobody reads faster. */
const DWELL_MS = 200;

/** How long an answer is waited for: over the slowest line for a terminal that answers, not for long for one that never has. */
const PATIENCE_MS = {answering: 10_000, mute: 1_000} as const;

/** A terminal that has not answered the first question by then is taken for one that never will. */
const MUTE_AFTER_MS = 5_000;

/** How long leaving the terminal waits for an answer that is on its way. */
const LEAVING_MS = 200;

/**
 * What was typed blind on a slow line arrives long after the dialog was written. The terminal is asked a question behind it: keys that
 * come in before its answer were pressed before the dialog was there. `ask` sends the question, `arm` is called when keys may count.
 */
export function createDialogArming(ask: () => void, arm: (dialog: Confirmation) => void): DialogArming {
  let waiting: Confirmation | null = null;
  let isMute = false;
  let isAsked = false;
  let isAway = false;
  /** In the order in which the answers come. */
  const questions: Question[] = [];
  let onSettled: () => void = () => undefined;

  const question = (about: Confirmation | null) => {
    const asked = {about};
    questions.push(asked);
    ask();
    if (about === null) {
      setTimeout(() => {
        isMute = questions.includes(asked);
      }, MUTE_AFTER_MS).unref();
      return;
    }
    const isExpected = !isMute;
    setTimeout(
      () => {
        const place = questions.indexOf(asked);
        if (place === -1) return;
        arm(about);
        // An answer that got lost must not make each later one that of the question before; a terminal's first may just be slow.
        if (isExpected) questions.splice(place, 1);
      },
      isMute ? PATIENCE_MS.mute : PATIENCE_MS.answering,
    ).unref();
  };
  /** The questions that are about to be asked. */
  const planned = new Set<NodeJS.Timeout>();
  const plan = (about: Confirmation | null) => {
    const timer = setTimeout(() => {
      planned.delete(timer);
      if (about === null) isAsked = true;
      question(about);
    }, DWELL_MS).unref();
    planned.add(timer);
  };
  const drawn = (mode: Mode) => {
    if (isAway) return;
    // Not with the first frame: until raw mode is on, the terminal's line would echo the answer onto the screen.
    if (!isAsked && planned.size === 0) plan(null);
    if (mode.type !== 'confirm' || mode.paintedAtMs !== null || mode === waiting) return;
    waiting = mode;
    plan(mode);
  };
  return {
    drawn,
    answered() {
      isMute = false;
      const dialog = questions.shift()?.about ?? null;
      if (dialog !== null) arm(dialog);
      if (questions.length === 0) onSettled();
    },
    back(mode) {
      isAway = false;
      drawn(mode);
    },
    async leave() {
      isAway = true;
      for (const timer of planned) clearTimeout(timer);
      planned.clear();
      waiting = null;
      if (questions.length === 0) return;
      await new Promise<void>(resolve => {
        onSettled = resolve;
        setTimeout(resolve, LEAVING_MS);
      });
    },
  };
}
