import {expect, test} from 'vitest';
import {neededWidths} from '../../source/model/needed-widths.ts';
import {session} from '../helpers/builders.ts';

test('each column of names needs its widest text, in cells of the terminal', () => {
  const sessions = [
    session({backend: {usename: 'alice', datname: 'shop', applicationName: '', clientAddr: '10.0.0.7'}}),
    session({
      backend: {usename: 'żółw', datname: '注文', applicationName: 'psql', clientAddr: null, clientPort: -1},
    }),
    session({backend: {usename: null, datname: null, clientHostname: 'app-1.example', applicationName: 'x'}}),
  ];
  expect(neededWidths(sessions)).toEqual({user: 5, database: 4, app: 4, client: 13});
});

test('no column of names needs room where nobody is', () => {
  expect(neededWidths([])).toEqual({user: 0, database: 0, app: 0, client: 0});
});
