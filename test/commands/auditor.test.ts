import {expect, test} from 'vitest';
import {outcomeNote} from '../../source/commands/audit-note.ts';
import {createAuditor} from '../../source/commands/auditor.ts';
import {startRun} from '../../source/model/batch-run.ts';
import {batchAbout} from '../helpers/batches.ts';
import {server, snapshot} from '../helpers/snapshots.ts';

test('what becomes of a batch is noted under the server it was decided on, whichever is connected by then', () => {
  const lines: string[] = [];
  const append = (line: string) => {
    lines.push(line);
    return null;
  };
  const auditor = createAuditor({path: null, append, problem: () => null, recent: () => []}, null, () => 0);
  auditor.observe(snapshot({server: server({host: 'elsewhere.example'})}));
  const {batch, targets} = startRun(1, batchAbout('terminate', 7));
  for (const target of targets) auditor.note(outcomeNote(batch, target));
  expect(lines.map(line => JSON.parse(line).server.host)).toEqual(['db.example']);
});
