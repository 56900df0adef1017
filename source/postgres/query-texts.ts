import {maskPasswords} from '../model/mask-passwords.ts';
import {sanitise} from '../model/sanitise.ts';
import {decodeEscaped} from './decode-text.ts';

/**
 * Query texts of the backends, remembered from refresh to refresh so that an unchanged one neither travels nor is cleaned again.
 * Bounded by the number of backends: who was not seen in a refresh is forgotten after it.
 */
export type QueryTexts = {
  /**
   * The clean text of a backend's query. `escaped` is null when the server left the text out as known;
   * `version` tells one text of this backend from another: backend_start and query_start.
   */
  textOf(pid: number, version: string, escaped: string | null, encoding: string): string;
  /** Ends a refresh. True when a left-out text was not known after all, so that the next refresh has to fetch all of them. */
  endRefresh(): boolean;
};

/** An empty memory. */
export function createQueryTexts(): QueryTexts {
  type Known = {
    readonly version: string;
    readonly escaped: string;
    readonly encoding: string;
    readonly text: string;
  };
  let before = new Map<number, Known>();
  let seen = new Map<number, Known>();
  let isMissing = false;
  const clean = (escaped: string, encoding: string) =>
    sanitise(maskPasswords(decodeEscaped(escaped, encoding)));
  return {
    textOf(pid, version, escaped, encoding) {
      const known = before.get(pid);
      const isSame = escaped === null ? known?.version === version : known?.escaped === escaped;
      if (known !== undefined && isSame && known.encoding === encoding) {
        seen.set(pid, known.version === version ? known : {...known, version});
        return known.text;
      }
      if (escaped === null) {
        isMissing = true;
        return '';
      }
      const text = clean(escaped, encoding);
      seen.set(pid, {version, escaped, encoding, text});
      return text;
    },
    endRefresh() {
      const wasMissing = isMissing;
      before = seen;
      seen = new Map();
      isMissing = false;
      return wasMissing;
    },
  };
}
