import {ageFields, filterKeywords, textFields} from './filter-terms.ts';

/** One line of the filter grammar as help shows it: how a term is written and when it holds. */
export type GrammarLine = {readonly form: string; readonly meaning: string};

function lines(entries: Record<string, {readonly meaning: string}>, ending: string): GrammarLine[] {
  return Object.entries(entries).map(([name, {meaning}]) => ({form: name + ending, meaning}));
}

/** The whole filter grammar for help, made from the tables the parser uses. Terms are separated by spaces and all must hold. */
export const filterGrammar: readonly GrammarLine[] = [
  {
    form: 'word "two words"',
    meaning: 'query, user, database, application, client or pid contains it; \\" is a quote',
  },
  {form: '/regex/', meaning: 'one of them matches it; case never matters, \\/ is a slash'},
  {form: '!term', meaning: 'the term does not hold'},
  ...lines(textFields, ':x'),
  {form: 'user=x user~/x/', meaning: 'is exactly x, case included; matches it (any field above)'},
  {form: 'pid:1,2,3 queryid:42', meaning: 'one of these'},
  ...lines(ageFields, '>30s'),
  {form: 'xact<1.5h', meaning: 'under that age; units ms s m h d, seconds without one'},
  ...lines(filterKeywords, ''),
];
