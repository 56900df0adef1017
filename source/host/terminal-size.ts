/** What a terminal that tells no size is taken for. */
const FALLBACK = {columns: 80, rows: 24};

/** The size of the terminal behind a stream; 80x24 where it tells none or 0x0, as some serial lines and containers do. */
export function terminalSize(stream: {readonly columns?: number; readonly rows?: number}): {
  readonly columns: number;
  readonly rows: number;
} {
  const {columns, rows} = stream;
  return columns !== undefined && rows !== undefined && columns > 0 && rows > 0 ? {columns, rows} : FALLBACK;
}
