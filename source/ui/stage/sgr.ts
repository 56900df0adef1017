const ESCAPE = '\u001b';

/**
 * A stretch of text in one look, and the unit that it begins with. `looks` are the parameters that lead to it from a plain terminal,
 * always in the same order; empty for plain text.
 */
export type Run = {readonly text: string; readonly looks: string; readonly start: number};

/** What a parameter turns on. The order is the one in which `looks` tells them. */
const KINDS = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike', 'colour', 'background'] as const;
type Kind = (typeof KINDS)[number];

const BEGINS: ReadonlyMap<number, Kind> = new Map([
  [1, 'bold'],
  [2, 'dim'],
  [3, 'italic'],
  [4, 'underline'],
  [7, 'inverse'],
  [9, 'strike'],
]);

const ENDS: ReadonlyMap<number, readonly Kind[]> = new Map<number, readonly Kind[]>([
  [0, KINDS],
  [22, ['bold', 'dim']],
  [23, ['italic']],
  [24, ['underline']],
  [27, ['inverse']],
  [29, ['strike']],
  [39, ['colour']],
  [49, ['background']],
]);

function begun(code: number): Kind | undefined {
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 'colour';
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return 'background';
  return BEGINS.get(code);
}

/** How many parameters say one thing: a colour of 256 (38;5;N) or of all (38;2;R;G;B) carries its numbers behind it. */
function parameterCount(code: number, next: string | undefined): number {
  if (code !== 38 && code !== 48) return 1;
  return next === '5' ? 3 : 5;
}

/** Follows one sequence. False when it says something that is not known here. */
function follow(on: Map<Kind, string>, parameters: string): boolean {
  const codes = parameters.split(';');
  for (let index = 0; index < codes.length; ) {
    const code = Number(codes[index]);
    const end = index + parameterCount(code, codes[index + 1]);
    const kind = begun(code);
    const ended = ENDS.get(code);
    if (kind !== undefined) on.set(kind, codes.slice(index, end).join(';'));
    else if (ended === undefined) return false;
    else for (const each of ended) on.delete(each);
    index = end;
  }
  return true;
}

/** The looks after a sequence, by the looks before it and its parameters; null for a sequence that is not known here. A screen has few of them. */
const KNOWN = new Map<string, string | null>();
const MOST_KNOWN = 1000;

function looksAfter(looks: string, parameters: string): string | null {
  const key = `${looks}m${parameters}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  if (/[^\d;]/.test(parameters)) return null;
  const on = onIn(looks);
  const next = follow(on, parameters) ? KINDS.flatMap(kind => on.get(kind) ?? []).join(';') : null;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  KNOWN.set(key, next);
  return next;
}

const CHANGES = new Map<string, string>();

/** The sequence that leads from some looks to others. */
export function changeOfLooks(from: string, to: string): string {
  if (to === '') return `${ESCAPE}[m`;
  const key = `${from}>${to}`;
  let change = CHANGES.get(key);
  if (change === undefined) {
    if (CHANGES.size >= MOST_KNOWN) CHANGES.clear();
    change = `${ESCAPE}[${parametersBetween(onIn(from), onIn(to)).join(';')}m`;
    CHANGES.set(key, change);
  }
  return change;
}

function onIn(looks: string): Map<Kind, string> {
  const on = new Map<Kind, string>();
  if (looks !== '') follow(on, looks);
  return on;
}

/** What is turned on only needs to be said where nothing has to be turned off. */
function parametersBetween(
  from: ReadonlyMap<Kind, string>,
  to: ReadonlyMap<Kind, string>,
): readonly string[] {
  const all = [...to];
  const keepsAll = [...from.keys()].every(kind => to.has(kind));
  return keepsAll
    ? all.flatMap(([kind, parameter]) => (from.get(kind) === parameter ? [] : parameter))
    : ['0', ...all.map(([, parameter]) => parameter)];
}

/** A text as runs of which no two neighbours look the same, and the looks that are still on at its end. Null where a sequence is not known here. */
export function readRuns(text: string): {readonly runs: readonly Run[]; readonly left: string} | null {
  const runs: Run[] = [];
  let looks = '';
  let from = 0;
  // Every row of every frame comes through here: no object is made for a sequence.
  for (let at = text.indexOf(ESCAPE); at !== -1; at = text.indexOf(ESCAPE, from)) {
    const end = text.indexOf('m', at);
    const next = end === -1 ? null : looksAfter(looks, text.slice(at + 2, end));
    if (next === null || text[at + 1] !== '[') return null;
    if (at > from) addRun(runs, text.slice(from, at), looks);
    looks = next;
    from = end + 1;
  }
  if (from < text.length) addRun(runs, text.slice(from), looks);
  return {runs, left: looks};
}

/** A sequence need not change anything. */
function addRun(runs: Run[], text: string, looks: string): void {
  const last = runs.at(-1);
  if (last?.looks === looks) runs[runs.length - 1] = {...last, text: last.text + text};
  else runs.push({text, looks, start: last === undefined ? 0 : last.start + last.text.length});
}
