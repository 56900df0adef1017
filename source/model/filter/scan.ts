/** A mistake in a filter expression. */
export class FilterSyntaxError extends Error {
  /** Where it is: index into the expression in UTF-16 units, the expression's length for something missing at its end. */
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'FilterSyntaxError';
    this.column = column;
  }
}

/** A piece read from a filter expression and the index where the rest begins. */
export type Scanned<Value> = {readonly value: Value; readonly end: number};

/** What a pattern with the sticky flag finds at an index; null when it finds nothing there. */
export function scan(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The index of the next character that is not whitespace, or the end. */
export function skipSpaces(text: string, at: number): number {
  return at + (scan(/\s*/y, text, at)?.[0].length ?? 0);
}

function requireTermEnd(text: string, end: number, closed: string): void {
  if (end < text.length && skipSpaces(text, end) === end) {
    throw new FilterSyntaxError(`A space must follow ${closed}.`, end);
  }
}

/**
 * A text in double quotes that begins at an index; `\"` stands for a quote and `\\` for a backslash.
 * @throws FilterSyntaxError when it is not closed, or something follows without a space.
 */
export function scanQuoted(text: string, at: number): Scanned<string> {
  const quoted = scan(/"((?:[^"\\]|\\[\s\S])*)"/y, text, at);
  if (quoted === null) throw new FilterSyntaxError('This quote is not closed.', at);
  const [whole, content = ''] = quoted;
  requireTermEnd(text, at + whole.length, 'the closing quote');
  return {value: content.replace(/\\(["\\])/g, '$1'), end: at + whole.length};
}

/**
 * The source of a regular expression between slashes that begins at an index; `\/` stands for a slash.
 * @throws FilterSyntaxError when it is not closed, empty or not valid, or something follows without a space.
 */
export function scanRegExp(text: string, at: number): Scanned<string> {
  const slashed = scan(/\/((?:[^/\\]|\\[\s\S])*)\//y, text, at);
  if (slashed === null) throw new FilterSyntaxError('This regular expression is not closed by a slash.', at);
  const [whole, source = ''] = slashed;
  if (source === '') throw new FilterSyntaxError('This regular expression is empty.', at);
  requireTermEnd(text, at + whole.length, 'the closing slash (case never matters)');
  try {
    new RegExp(source, 'i');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FilterSyntaxError(`${error.message}.`, at);
  }
  return {value: source, end: at + whole.length};
}

/** Everything up to the next whitespace; empty when there is nothing. */
export function scanBare(text: string, at: number): Scanned<string> {
  const value = scan(/\S*/y, text, at)?.[0] ?? '';
  return {value, end: at + value.length};
}
