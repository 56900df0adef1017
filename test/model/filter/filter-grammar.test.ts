import {expect, test} from 'vitest';
import {filterGrammar} from '../../../source/model/filter/filter-grammar.ts';
import {fieldNames, filterKeywords} from '../../../source/model/filter/filter-terms.ts';
import {parseFilter} from '../../../source/model/filter/parse-filter.ts';

test.each(filterGrammar.map(({form}) => form))('the form %s of the help is accepted as it stands', form => {
  expect(parseFilter(form)).toMatchObject({ok: true});
});

test('the help names every field and every keyword', () => {
  const forms = filterGrammar.map(({form}) => form).join(' ');
  for (const name of [...fieldNames, ...Object.keys(filterKeywords)])
    expect(forms).toMatch(new RegExp(`\\b${name}\\b`));
});
