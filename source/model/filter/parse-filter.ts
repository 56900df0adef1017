import type {Filter, FilterTerm} from './filter.ts';
import {fieldNames, isFilterKeyword} from './filter-terms.ts';
import {scanFieldTerm} from './parse-field-term.ts';
import {FilterSyntaxError, type Scanned, scan, scanBare, scanQuoted, scanRegExp, skipSpaces} from './scan.ts';
import {suggestField} from './suggest-field.ts';

/** A filter, or the mistake in its text; `column` is an index into the text in UTF-16 units, its length for something missing at its end. */
export type FilterParse =
  | {readonly ok: true; readonly filter: Filter}
  | {readonly ok: false; readonly message: string; readonly column: number};

const FIELD_HEAD = /([a-z_]\w*)(!?[:=~]|[<>])/iy;

function unknownField(text: string, at: number, name: string): FilterSyntaxError {
  const suggestion = suggestField(name);
  const advice = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  const term = scanBare(text, at).value;
  return new FilterSyntaxError(
    `No field is called ${name}.${advice} To search for it as text: "${term}"`,
    at,
  );
}

/** The term of a field, or null when the text is to be searched for as it stands, as `http://x` and `a::text` are. */
function scanField(text: string, at: number): Scanned<FilterTerm> | null {
  const [whole, name, operator] = scan(FIELD_HEAD, text, at) ?? [];
  if (whole === undefined || name === undefined || operator === undefined) return null;
  const field = name.toLowerCase();
  const operatorAt = at + name.length;
  const valueAt = at + whole.length;
  if (fieldNames.includes(field)) {
    if (!operator.startsWith('!')) return scanFieldTerm(text, {name: field, operator, operatorAt, valueAt});
    throw new FilterSyntaxError(
      `Put the ! in front: !${field}${operator.slice(1)}${scanBare(text, valueAt).value}`,
      operatorAt,
    );
  }
  if (operator.startsWith('!') || /^:(?::|\/\/)/.test(text.slice(operatorAt))) return null;
  throw unknownField(text, at, name);
}

function scanPlainTerm(text: string, at: number): Scanned<FilterTerm> {
  if (text[at] === '"') {
    const {value, end} = scanQuoted(text, at);
    return {value: {kind: 'text', match: {kind: 'contains', text: value}}, end};
  }
  if (text[at] === '/') {
    const {value, end} = scanRegExp(text, at);
    return {value: {kind: 'text', match: {kind: 'matches', text: value}}, end};
  }
  const field = scanField(text, at);
  if (field !== null) return field;
  const {value: word, end} = scanBare(text, at);
  const keyword = word.toLowerCase();
  if (isFilterKeyword(keyword)) return {value: {kind: 'keyword', keyword}, end};
  return {value: {kind: 'text', match: {kind: 'contains', text: word}}, end};
}

function scanTerm(text: string, at: number): Scanned<FilterTerm> {
  const negations = scan(/!*/y, text, at)?.[0].length ?? 0;
  const start = at + negations;
  if (skipSpaces(text, start) > start || start === text.length) {
    throw new FilterSyntaxError('A term must follow the ! without a space.', start);
  }
  const {value: term, end} = scanPlainTerm(text, start);
  return {value: negations % 2 === 1 ? {kind: 'not', term} : term, end};
}

function scanTerms(text: string): FilterTerm[] {
  const terms: FilterTerm[] = [];
  let at = skipSpaces(text, 0);
  while (at < text.length) {
    const {value, end} = scanTerm(text, at);
    terms.push(value);
    at = skipSpaces(text, end);
  }
  return terms;
}

/**
 * The one filter language of the prompt, `--filter` and the signal commands; filterGrammar describes it. Names of fields,
 * keywords and units may be written in any case. A word equal to a keyword, or one that looks like `field:value`,
 * must be quoted to be searched for. An empty text is the filter without terms.
 */
export function parseFilter(text: string): FilterParse {
  try {
    return {ok: true, filter: {terms: scanTerms(text)}};
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    return {ok: false, message: error.message, column: error.column};
  }
}
