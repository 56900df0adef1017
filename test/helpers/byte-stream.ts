const ESCAPE = '\u001b';
/** What erases or resets a whole screen: ED 2, ED 3 (scroll-back) and RIS. */
const FULL_CLEARS = [`${ESCAPE}[2J`, `${ESCAPE}[3J`, `${ESCAPE}c`] as const;

/** Bytes that arrived together; `at` is `performance.now()` of their arrival, in milliseconds. */
export type Chunk = {readonly at: number; readonly bytes: Buffer};

/** A span of `performance.now()` time stamps in milliseconds, `from` included, `to` excluded; an end left out is open. */
export type Span = {readonly from?: number; readonly to?: number};

/** Everything a program has written to its terminal, in order, with the time of each arrival. */
export type ByteStream = {
  readonly chunks: readonly Chunk[];
  /** Number of bytes that arrived in the span. */
  size(span?: Span): number;
  /** What arrived in the span, decoded as UTF-8, escape sequences included. */
  text(span?: Span): string;
  /** How often the exact sequence occurs in the span, also where it is cut by the border of two chunks. */
  count(sequence: string, span?: Span): number;
  /** How often the whole screen was erased or reset in the span: `ESC[2J`, `ESC[3J` or `ESC c`. */
  fullClears(span?: Span): number;
  /** The first bytes that arrived later than the time stamp; undefined while there are none. */
  firstAfter(at: number): Chunk | undefined;
};

/** A byte stream and the way to append to it. */
export type RecordedByteStream = ByteStream & {append(bytes: Buffer): void};

function occurrences(bytes: Buffer, sequence: string): number {
  if (sequence === '') throw new Error('An empty sequence occurs everywhere; name the bytes to count.');
  const wanted = Buffer.from(sequence);
  let count = 0;
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) count += 1;
  return count;
}

/** An empty stream; what is appended is stamped with the time of the call. */
export function createByteStream(now: () => number = () => performance.now()): RecordedByteStream {
  const chunks: Chunk[] = [];
  const joined = ({from = -Infinity, to = Infinity}: Span = {}): Buffer =>
    Buffer.concat(chunks.filter(chunk => chunk.at >= from && chunk.at < to).map(chunk => chunk.bytes));
  return {
    chunks,
    append: bytes => {
      chunks.push({at: now(), bytes});
    },
    size: span => joined(span).length,
    text: span => joined(span).toString('utf8'),
    count: (sequence, span) => occurrences(joined(span), sequence),
    fullClears: span => {
      const bytes = joined(span);
      return FULL_CLEARS.reduce((sum, sequence) => sum + occurrences(bytes, sequence), 0);
    },
    firstAfter: at => chunks.find(chunk => chunk.at > at),
  };
}
