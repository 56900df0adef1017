import type {RowBytes} from './row-message.ts';

/** In front of a row stands the number of its columns, and in front of each column its length, which is -1 for NULL. */
const COUNT = 2;
const LENGTH = 4;
const NULL = -1;
const ZERO = '0'.charCodeAt(0);

/** The pid of a row of the activity statement; null on the monitor's own row, which has the clock before it. */
export function pidOf({bytes, start}: RowBytes): number | null {
  const at = start + COUNT;
  if (bytes.readInt32BE(at) !== NULL) return null;
  const from = at + 2 * LENGTH;
  const to = from + bytes.readInt32BE(at + LENGTH);
  let pid = 0;
  for (let digit = from; digit < to; digit++) pid = pid * 10 + bytes.readUInt8(digit) - ZERO;
  return pid;
}

/** Whether a row of the activity statement without a clock has nothing but the pid: the application_name behind datid and usesysid is never NULL else. */
export function isPidOnly({bytes, start}: RowBytes): boolean {
  const at = start + COUNT + LENGTH;
  const behind = at + LENGTH + bytes.readInt32BE(at);
  return (
    bytes.readInt32BE(behind) === NULL &&
    bytes.readInt32BE(behind + LENGTH) === NULL &&
    bytes.readInt32BE(behind + 2 * LENGTH) === NULL
  );
}

/** A copy of a row as it travelled: its bytes are gone with the next one. */
export function copyOf({bytes, start, end}: RowBytes): Buffer {
  return Buffer.from(bytes.subarray(start, end));
}

/** Whether a row has travelled as the one that was copied. */
export function isCopyOf(copy: Buffer | null, {bytes, start, end}: RowBytes): boolean {
  return copy?.length === end - start && bytes.compare(copy, 0, copy.length, start, end) === 0;
}
