import {beforeAll, expect, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import {ask, describeOnServer, login, openPgtop, untilBlocked} from './pgtop.ts';
import {cursorLine, intervalOf, messageLine} from './read-screen.ts';

/** Three sessions, each waiting for the one before it, and their process ids. */
async function openQueue(cluster: Cluster) {
  const [holder, second, third] = [
    await login(cluster, 'holder'),
    await login(cluster, 'second'),
    await login(cluster, 'third'),
  ];
  await holder.query('BEGIN');
  await holder.query('UPDATE stock SET n = 0 WHERE id = 1');
  await second.query('BEGIN');
  await second.query('UPDATE stock SET n = 0 WHERE id = 2');
  void second.backgroundQuery('UPDATE stock SET n = n - 1 WHERE id = 1');
  await untilBlocked(cluster, second.pid);
  void third.backgroundQuery('UPDATE stock SET n = n - 1 WHERE id = 2');
  await untilBlocked(cluster, third.pid);
  return {holder, second: second.pid, third: third.pid};
}

describeOnServer('the lock-wait tree', cluster => {
  beforeAll(async () => {
    await ask(cluster(), 'CREATE TABLE stock (id integer PRIMARY KEY, n integer)');
    await ask(cluster(), 'INSERT INTO stock VALUES (1, 10), (2, 10)');
  });

  test('opens when somebody begins to wait, closes when nobody does, and t overrides that', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    const closed = await terminal.waitFor('Conn');
    expect(closed.text).not.toContain('Lock waits');
    const {holder, second, third} = await openQueue(cluster());
    const open = await terminal.waitFor('Lock waits · 2 waiting behind 1 root · Tab goes there');
    const from = open.lines.findIndex(line => line.startsWith(' Lock waits'));
    expect(open.lines.slice(from + 1, from + 4)).toEqual([
      expect.stringMatching(
        `^ ${holder.pid} blocks 2 pgtop@postgres holder idle in transaction .* UPDATE stock`,
      ),
      expect.stringMatching(
        `^ └─${second} blocks 1 pgtop@postgres second waits .* for Share on transaction \\d+`,
      ),
      expect.stringMatching(`^   └─${third} pgtop@postgres third waits .* for Share on transaction \\d+`),
    ]);
    terminal.press('t');
    await terminal.waitFor(screen => !screen.text.includes('Lock waits'));
    terminal.press('f5');
    await terminal.waitFor('Lock waits · 2 waiting');
    await holder.query('ROLLBACK');
    await terminal.waitFor('Lock waits · 1 waiting behind 1 root');
  });

  test('has a cursor of its own behind Tab, folds by - and unfolds by +', async () => {
    const {holder, second, third} = await openQueue(cluster());
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    await terminal.waitFor('Lock waits · 2 waiting behind 1 root · Tab goes there');
    terminal.press('tab');
    const focused = await terminal.waitFor(/Lock waits · 2 waiting behind 1 root$/m);
    expect(cursorLine(focused)).toContain(` ${holder.pid} blocks 2 `);
    terminal.press('down');
    await terminal.waitFor(screen => cursorLine(screen).startsWith(` └─${second}`));
    terminal.press('-');
    const folded = await terminal.waitFor(` └─+${second}`);
    expect(folded.text).not.toContain(`└─${third}`);
    expect(intervalOf(folded)).toBe('0.2');
    terminal.press('+');
    await terminal.waitFor(`   └─${third}`);
    terminal.press('up', '-');
    const root = await terminal.waitFor(screen => cursorLine(screen).startsWith(` +${holder.pid}`));
    expect(root.text).not.toContain(`└─${second}`);
    terminal.press('shift+tab', '+');
    expect(messageLine(await terminal.waitFor('A refresh every'))).toBe(' A refresh every 0.5 s.');
  });

  test('has the session under its cursor inspected and signalled', async () => {
    const {second} = await openQueue(cluster());
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    await terminal.waitFor('Lock waits · 2 waiting');
    terminal.press('tab', 'down');
    await terminal.waitFor(screen => cursorLine(screen).startsWith(` └─${second}`));
    terminal.press('enter');
    await terminal.waitFor(` Session ${second}`);
    terminal.press('escape');
    await terminal.waitFor('Lock waits');
    terminal.press('k');
    const dialog = await terminal.waitFor('y terminates it');
    expect(dialog.text).toContain(`Terminate ${second}?`);
    terminal.press('y');
    await terminal.waitFor(new RegExp(`${second} ended after`));
    await terminal.waitFor(screen => !screen.text.includes('Lock waits'));
  });

  test('shows a prepared transaction, which no key can end but its statement', async () => {
    const clerk = await login(cluster(), 'clerk');
    await clerk.query('BEGIN; UPDATE stock SET n = 1 WHERE id = 1');
    await clerk.query("PREPARE TRANSACTION 'forgotten'");
    const second = await login(cluster(), 'second');
    const outcome = second.backgroundQuery('UPDATE stock SET n = n - 1 WHERE id = 1');
    const terminal = await openPgtop(cluster(), [], {columns: 140});
    await terminal.waitFor("prepared transaction blocks 1 'forgotten' of pgtop@postgres");
    terminal.press('tab', 'k');
    await terminal.waitFor("In database postgres: ROLLBACK PREPARED 'forgotten'");
    await ask(cluster(), "ROLLBACK PREPARED 'forgotten'");
    await terminal.waitFor(screen => !screen.text.includes('prepared transaction blocks'));
    expect(await outcome).toMatchObject({type: 'done'});
  });
});
