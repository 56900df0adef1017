/** What a piece of text means; the theme gives each meaning its look. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  | 'key'
  | 'active'
  | 'waiting'
  | 'blocking'
  | 'idle-in-xact'
  | 'danger'
  | 'good'
  | 'match'
  | 'tagged';

/** A piece of a line with one meaning. */
export type Span = {readonly text: string; readonly tone: Tone};

/** One line of the screen. `mark` covers its whole width: the cursor, a heading, or a banner. */
export type Line = {
  readonly spans: readonly Span[];
  readonly mark?: 'cursor' | 'cursor-elsewhere' | 'heading' | 'banner' | 'bar';
  /** True when the data are old: the whole line is dimmed. */
  readonly isStale?: boolean;
};

/** A span; plain when no tone is given. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return {text, tone};
}

/** A line of one span. */
export function line(text: string, tone: Tone = 'plain'): Line {
  return {spans: [{text, tone}]};
}

/** The text of a line without its meanings. */
export function lineText({spans}: Line): string {
  return spans.map(({text}) => text).join('');
}
