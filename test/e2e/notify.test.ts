import {expect, test} from 'vitest';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, loginBusy, openPgtop} from './pgtop.ts';

/** What rings the bell or ends a notification, each with what it says behind its first character. */
const callsIn = (bytes: string) =>
  bytes
    .split('\u0007')
    .slice(0, -1)
    .map(before => before.slice(before.lastIndexOf('\u001b') + 1));

describeOnServer('who asked for it', cluster => {
  test.each([
    ['osc9', /^\]9;pgtop: \d+ \w+@\w+ \(late\) runs its query for \d\.?\d*s$/],
    ['osc777', /^\]777;notify;pgtop;\d+ \w+@\w+ \(late\) runs its query for \d\.?\d*s$/],
    // It says nothing: what stands before it is a frame's end.
    ['bell', /^\[\?2026l$/],
  ])('is called once by %s when a query newly takes too long', async (by, call) => {
    const terminal = await openPgtop(cluster(), ['--notify', by, '--threshold', 'query=1s'], {columns: 110});
    await terminal.waitFor('active · ');
    expect(callsIn(terminal.bytes.text())).toEqual([]);
    await loginBusy(cluster(), 'late');
    await waitFor('the call', async () => callsIn(terminal.bytes.text()).length > 0);
    await terminal.waitFor(({text}) => / ![2-9]\.\ds /.test(text));
    expect(callsIn(terminal.bytes.text())).toEqual([expect.stringMatching(call)]);
  });

  test('is not called for what had crossed its threshold before', async () => {
    const {pid} = await loginBusy(cluster(), 'old');
    await waitFor('two seconds of it', async () => {
      const session = await cluster().connect();
      const [row] = await session.query<{old: boolean}>(
        "SELECT clock_timestamp() - query_start > '2 s' AS old FROM pg_stat_activity WHERE pid = $1",
        [pid],
      );
      session.end();
      return row?.old;
    });
    const terminal = await openPgtop(cluster(), ['--notify', 'bell', '--threshold', 'query=1s']);
    await terminal.waitFor(/![3-9]\.\ds/);
    expect(terminal.bytes.text()).not.toContain('\u0007');
  });
});
