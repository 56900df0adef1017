import type {FilterTerm, TextMatch} from './filter.ts';
import {ageFields, isAgeField, isTextField} from './filter-terms.ts';
import {parseAge} from './parse-age.ts';
import {FilterSyntaxError, type Scanned, scanBare, scanQuoted, scanRegExp} from './scan.ts';

/** A field with its operator, `user:`, and where its parts stand in the expression. */
export type FieldHead = {
  readonly name: string;
  readonly operator: string;
  readonly operatorAt: number;
  readonly valueAt: number;
};

const LARGEST_PID = 2 ** 31 - 1;

function scanMatch(text: string, {name, operator, valueAt}: FieldHead): Scanned<TextMatch> {
  if (operator === '~') {
    if (text[valueAt] !== '/') {
      throw new FilterSyntaxError(`A regular expression must follow: ${name}~/regex/.`, valueAt);
    }
    const {value, end} = scanRegExp(text, valueAt);
    return {value: {kind: 'matches', text: value}, end};
  }
  const {value, end} = text[valueAt] === '"' ? scanQuoted(text, valueAt) : scanBare(text, valueAt);
  if (end === valueAt) throw new FilterSyntaxError(`A text must follow ${name}${operator}`, valueAt);
  return {value: {kind: operator === '=' ? 'equals' : 'contains', text: value}, end};
}

function scanAgeTerm(text: string, {name, operator, operatorAt, valueAt}: FieldHead): Scanned<FilterTerm> {
  if (!isAgeField(name)) {
    const ages = Object.keys(ageFields).join(', ');
    throw new FilterSyntaxError(`${name} is no age. The ages are ${ages}.`, operatorAt);
  }
  const {value, end} = scanBare(text, valueAt);
  const ms = parseAge(value);
  if (ms === null) {
    throw new FilterSyntaxError(
      `An age must follow ${name}${operator} such as 500ms, 30s, 5m, 1.5h or 2d.`,
      valueAt,
    );
  }
  return {value: {kind: 'age', field: name, is: operator === '>' ? 'over' : 'under', ms}, end};
}

/** The numbers of a list such as `1,2,3`, as they are written. */
function scanNumbers(
  text: string,
  {name, operator, operatorAt, valueAt}: FieldHead,
  isValid: (number: string) => boolean,
): Scanned<readonly string[]> {
  if (operator === '~') throw new FilterSyntaxError(`${name} is a number: write ${name}:1,2,3.`, operatorAt);
  const {value, end} = scanBare(text, valueAt);
  const numbers = value.split(',');
  let at = valueAt;
  for (const number of numbers) {
    if (!isValid(number)) throw new FilterSyntaxError(`Numbers must follow, as in ${name}:1,2,3.`, at);
    at += number.length + 1;
  }
  return {value: numbers, end};
}

function isPid(number: string): boolean {
  return /^\d{1,10}$/.test(number) && Number(number) <= LARGEST_PID;
}

function isQueryId(number: string): boolean {
  return /^-?\d{1,19}$/.test(number);
}

/**
 * The rest of a term that began with the name of a field, lower-case, and an operator.
 * @throws FilterSyntaxError when the field does not have this operator or the value is not of its kind.
 */
export function scanFieldTerm(text: string, head: FieldHead): Scanned<FilterTerm> {
  const {name, operator, operatorAt} = head;
  if (operator === '<' || operator === '>') return scanAgeTerm(text, head);
  if (name === 'pid') {
    const {value, end} = scanNumbers(text, head, isPid);
    return {value: {kind: 'pid', pids: value.map(Number)}, end};
  }
  if (name === 'queryid') {
    const {value, end} = scanNumbers(text, head, isQueryId);
    return {value: {kind: 'query-id', queryIds: value.map(id => String(BigInt(id)))}, end};
  }
  if (!isTextField(name))
    throw new FilterSyntaxError(`${name} is an age: write ${name}>5m or ${name}<5m.`, operatorAt);
  const {value: match, end} = scanMatch(text, head);
  return {value: {kind: 'field', field: name, match}, end};
}
