import {describe, expect, test} from 'vitest';
import {currentSession} from '../../source/state/current-session.ts';
import type {State} from '../../source/state/state.ts';
import {frameOf} from '../helpers/frame.tsx';
import {FULL, processesSnapshot} from '../helpers/server-processes.ts';
import {QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {
  blankState,
  collect,
  dispatched,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  regionTexts,
  START_MS,
  type StateDifferences,
  stateWith,
} from '../helpers/states.ts';

const SAID = 'sorry, too many clients already';

/** The state of a monitor that the server refuses. */
function refused(state: State, message = SAID): State {
  return dispatched(state, {
    type: 'collection-failed',
    kind: 'full',
    message,
    retryInMs: 1000,
    atMs: START_MS,
  });
}

/** The state of a monitor that shows processes from its start on. */
function full(differences: StateDifferences = {}, data = processesSnapshot(FULL)): State {
  return dispatched(refused(blankState(differences)), {
    type: 'processes-read',
    snapshot: data,
    atMs: START_MS + 400,
  });
}

describe('the processes of a full server', () => {
  test('stand in the table, marked as what they are', () => {
    expect(frameOf(full({columns: 80, rows: 16}))).toMatchInlineSnapshot(`
      [
        "pgtop 0.0.0-test · 18 primary · monitor@/run/postgresql:5432/s+ · 1 s · 14:13:20",
        "Clients 5  active 2  waiting 1  idle tx 1  aborted 0  idle 2  background 1",
        " No free slot: sorry, too many clients already · trying again in 1 s",
        " Process table of this machine, 0ms old: c sends SIGINT, k SIGTERM to one",
        "    PID USER  DATABASE STATE   WAIT         SESSION  CPU%   RSS QUERY",
        "     11 web   shop     active                10m00s  12.5  2.0M SELECT",
        "     12 web   shop     active  Lock          10m00s  12.5  2.0M UPDATE",
        "     13 batch shop     idle tx               10m00s  12.5  2.0M",
        "     14 web   shop     idle                  10m00s  12.5  2.0M",
        "     15 n/a   n/a      idle                  10m00s  12.5  2.0M postgres: my us+",
        "",
        "",
        "",
        "",
        " clients · 1 of 5 · by session age",
        " t Tree Enter Inspect c Cancel k Kill / Filter F6 Sort p Pause F1 Help q Quit",
      ]
    `);
  });

  test.each([
    [80, 24],
    [40, 10],
    [200, 60],
  ])('fill %i x %i and no more', (columns, rows) => {
    const frame = frameOf(full({columns, rows}));
    expect(frame).toHaveLength(rows);
    for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('take the place of the last sessions, which come back when a slot is free', () => {
    const lost = refused(stateWith(QUIET));
    expect(pidsOf(lost)).toEqual([103, 102, 101]);
    const shown = dispatched(lost, {
      type: 'processes-read',
      snapshot: processesSnapshot(FULL),
      atMs: START_MS + 400,
    });
    expect(pidsOf(shown)).toEqual([11, 12, 13, 14, 15]);
    expect(pidsOf(collect(shown, QUIET))).toEqual([103, 102, 101]);
    expect(messageOf(collect(shown, QUIET))).toContain('No slot was free; 4 of 100 are taken');
  });

  test('keep the cursor on the session it was on, and so do the sessions that come back', () => {
    const sessions = snapshot({backends: [running(12, 900), running(13, 20), running(99, 1)]});
    const lost = refused(press(stateWith(sessions), 'down'));
    const shown = dispatched(lost, {
      type: 'processes-read',
      snapshot: processesSnapshot(FULL),
      atMs: START_MS + 400,
    });
    expect(currentSession(lost)?.backend.pid).toBe(13);
    expect(currentSession(shown)?.backend.pid).toBe(13);
    expect(currentSession(collect(press(shown, 'up'), sessions))?.backend.pid).toBe(12);
  });

  test('sort again some seconds after a key held their order', () => {
    const held = press(full(), 'down');
    const readAt = (atMs: number) =>
      dispatched(held, {type: 'processes-read', snapshot: processesSnapshot(FULL), atMs});
    expect(readAt(held.nowMs + 1_000).frozen).not.toBeNull();
    expect(readAt(held.nowMs + 4_000).frozen).toBeNull();
  });

  test('that come in during a pause have the cursor on the same session when it ends', () => {
    const sessions = snapshot({backends: [running(12, 900), running(13, 20), running(99, 1)]});
    const paused = refused(press(stateWith(sessions), 'down', 'p'));
    const read = {type: 'processes-read', snapshot: processesSnapshot(FULL), atMs: START_MS + 400} as const;
    expect(currentSession(press(dispatched(paused, read), 'p'))?.backend.pid).toBe(13);
  });

  test('do not come in after a slot was had', () => {
    const late = {type: 'processes-read', snapshot: processesSnapshot(FULL), atMs: START_MS + 400} as const;
    expect(pidsOf(dispatched(stateWith(QUIET), late))).toEqual([103, 102, 101]);
  });

  test('hold background processes in the view of all, and sort by what the system tells', () => {
    expect(pidsOf(press(full(), '5'))).toContain(9);
    const sorted = press(full(), 'f6');
    expect(modeOf(sorted, 'menu').entries.map(({label}) => label)).toEqual([
      'PID',
      'USER',
      'DATABASE',
      'CLIENT',
      'STATE',
      'WAIT',
      'TIME',
      'CPU%',
      'RSS',
      'TYPE',
      'QUERY',
    ]);
  });

  test('keep the tags of sessions, which are none of theirs', () => {
    const tagged = press(stateWith(QUIET), 'space');
    const shown = dispatched(refused(tagged), {
      type: 'processes-read',
      snapshot: processesSnapshot(FULL),
      atMs: START_MS + 400,
    });
    expect(modeOf(press(shown, 'k'), 'confirm').batch.targets.map(({target}) => target.pid)).toEqual([12]);
    expect(collect(shown, QUIET).tags).toEqual(tagged.tags);
  });

  test('are old data when the server goes away altogether', () => {
    const lost = {type: 'collection-failed', kind: 'lost', message: 'gone', retryInMs: 1000} as const;
    const header = regionTexts(dispatched(full(), {...lost, atMs: START_MS + 5_400}), 'header');
    expect(header.at(-1)).toBe(' Connection lost: gone · trying again in 1 s · data are 5.0s old');
  });

  test('that cannot be shown are told of with the reason', () => {
    const reason = 'on darwin pgtop cannot read the process table';
    const told = dispatched(refused(blankState()), {type: 'processes-missing', reason});
    expect(regionTexts(told, 'header')).toEqual([
      ` No free slot: ${SAID} · trying again in 1 s`,
      ` The server's processes cannot be shown: ${reason}`,
    ]);
    const elsewhere = dispatched(told, {type: 'processes-missing', reason: null});
    expect(regionTexts(elsewhere, 'header')).toHaveLength(1);
  });
});

describe('the dialog about a process', () => {
  test('says what is sent, to what, and what cannot be known', () => {
    const asked = press(full({columns: 80, rows: 24}), 'k');
    expect(regionTexts(asked, 'dialog')).toMatchInlineSnapshot(`
      [
        " Terminate 11?",
        " SIGTERM ends the session, an open transaction rolls back. Who waits behind it",
        " is not known.",
        " The system sends it to the process that began as 11 under postmaster 4700,",
        " checked again right before.",
        " user web database shop client 10.0.0.7 state active session 10m00s",
        " title postgres: web shop 10.0.0.7(50123) SELECT",
        " y terminates it   n Esc k closes this, nothing is signalled",
      ]
    `);
  });

  test('sends one batch to one process', () => {
    const {commands} = pressed(full(), 'c', 'y');
    expect(commands).toEqual([
      {type: 'check-audit-log'},
      {type: 'signal', batch: expect.objectContaining({action: 'cancel', skipped: []})},
    ]);
  });

  test('tells when the process has ended, does something else, or the server takes sessions again', () => {
    const asked = press(full(), 'c');
    const dialogAfter = (...processes: typeof FULL) =>
      regionTexts(
        dispatched(asked, {
          type: 'processes-read',
          snapshot: processesSnapshot(processes),
          atMs: START_MS + 900,
        }),
        'dialog',
      ).join('\n');
    const [checkpointer, busy, ...others] = FULL;
    if (checkpointer === undefined || busy === undefined) throw new Error('the server has no processes');
    expect(dialogAfter(checkpointer, busy, ...others)).not.toContain('since');
    expect(dialogAfter(checkpointer, ...others)).toContain('11 has ended since: nothing would be signalled.');
    expect(dialogAfter(checkpointer, {...busy, startTicks: 1}, ...others)).toContain('11 has ended since');
    const idle = {...busy, title: 'postgres: web shop 10.0.0.7(50123) idle'};
    expect(dialogAfter(checkpointer, idle, ...others)).toContain('It does something else since.');
    expect(regionTexts(collect(asked, QUIET), 'dialog').join('\n')).toContain(
      'The server takes sessions again',
    );
  });

  test.each([
    ['--read-only', {options: {isReadOnly: true}}, 'pgtop runs with --read-only: no signal can be sent.'],
  ])('is not opened with %s', (_, differences, text) => {
    for (const key of ['c', 'k', 'f9']) {
      const {state, commands} = pressed(full(differences), key);
      expect([state.mode.type, messageOf(state), commands]).toEqual(['browse', text, []]);
    }
    expect(regionTexts(full(differences), 'header').at(-1)).toContain('old: pgtop is read-only');
  });

  test('is not opened without the right, which is said beforehand', () => {
    const whyNoSignal = 'only postgres or root may send signals here';
    const foreign = full({}, processesSnapshot(FULL, {whyNoSignal}));
    expect(regionTexts(foreign, 'header').at(-1)).toBe(
      ` Process table of this machine, 0ms old: ${whyNoSignal}`,
    );
    expect(messageOf(press(foreign, 'k'))).toBe(`11: ${whyNoSignal}.`);
  });
});

describe('keys that need the server', () => {
  test.each([
    ['enter', 'The process table tells nothing more of it.'],
    ['y', 'The process table tells nothing more of it.'],
    ['Y', 'The process table tells nothing more of it.'],
    ['space', 'Without a connection processes are signalled one at a time.'],
    ['A', 'Without a connection processes are signalled one at a time.'],
    ['b', 'Without a connection processes are signalled one at a time.'],
  ])('say so: %s', (key, text) => {
    const {state, commands} = pressed(full(), key);
    expect([state.mode.type, messageOf(state), commands]).toEqual(['browse', text, []]);
  });

  test('the menu names the signals of the system', () => {
    const {entries} = modeOf(press(full(), 'f9'), 'menu');
    expect(entries.map(({label}) => label)).toEqual([
      'cancel 11 (SIGINT)',
      'terminate 11 (SIGTERM)',
      'terminate root blockers · there are none',
      'cancel everything behind this · nobody waits',
    ]);
  });
});
