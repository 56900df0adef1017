import {DatabaseError} from 'pg';
import {describe, expect, test} from 'vitest';
import type {Capabilities} from '../../source/postgres/capabilities.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import {createProcessReader} from '../../source/postgres/process-reader.ts';
import {NOW, server} from '../helpers/snapshots.ts';

const OWN = 99;
const POSTMASTER = 7;
const needs = (...pids: readonly number[]) => ({
  visible: pids.map(pid => ({pid, backendStart: 1})),
  others: [],
});

/** A row of a process of this parent that has read and written nothing. */
const row = (pid: number, parent: number, io: string | null) => {
  const stat = `${pid} (postgres) S ${parent} ${Array.from({length: 17}, () => 0).join(' ')} 4242 0`;
  return [String(pid), new Date(NOW / 1_000).toISOString(), stat, 'RssAnon:\t 4 kB', io];
};

/** A reader on a server with process 12 of its own and 13 of somebody else; what was asked, `refusals` of io at the begin refused. */
function readerOn(refusals: number) {
  const asked: string[] = [];
  const connection = {
    async query(_text: string, [pids]: readonly [readonly number[]], {name}: {readonly name: string}) {
      asked.push(name);
      const hasIo = name === 'pgtop_processes';
      const refused = asked.filter(each => each === name).length;
      if (hasIo && refused <= refusals)
        throw Object.assign(new DatabaseError('could not open file', 0, 'error'), {code: '42501'});
      return pids.map(pid => row(pid, pid === 13 ? 1 : POSTMASTER, hasIo ? 'read_bytes: 0' : null));
    },
  } as unknown as Connection;
  const capabilities = {server: server(), own: {pid: OWN, backendStart: 1}} as Capabilities;
  return {reader: createProcessReader(connection, capabilities), asked};
}

describe('io that is refused', () => {
  test.each([1, 2])('%d times is asked for again, the rest meanwhile', async refusals => {
    const {reader, asked} = readerOn(refusals);
    for (let read = 0; read < 2 * refusals; read++) await reader.read(needs(12), 0);
    const {source, whyNotIo, figures} = await reader.read(needs(12), 0);
    expect([source, whyNotIo, new Map(figures).has(12)]).toEqual(['server', null, true]);
    expect(asked.slice(-2)).toEqual(['pgtop_processes_without_io', 'pgtop_processes']);
  });

  test('three times in a row cannot be known here', async () => {
    const {reader, asked} = readerOn(3);
    for (let read = 0; read < 7; read++) await reader.read(needs(12), 0);
    const {source, whyNot, whyNotIo} = await reader.read(needs(12), 0);
    expect([source, whyNot, whyNotIo]).toEqual(['server', null, expect.stringContaining('/proc/PID/io')]);
    expect(asked.filter(name => name === 'pgtop_processes')).toHaveLength(3);
  });
});

test('a pid that is no process of the server any more has no figures', async () => {
  const {reader} = readerOn(0);
  const {figures} = await reader.read(needs(12, 13), 0);
  expect(figures.map(([pid]) => pid)).toEqual([OWN, 12]);
});
