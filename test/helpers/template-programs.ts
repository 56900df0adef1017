import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {programsOfMajor} from './servers.ts';

/** What the names of our folders begin with; the pid of the run follows. */
const PREFIX = 'pgtop-templates-';

/**
 * Makes the folder in which templateProgramsOf puts things, for this run and for the processes that it starts.
 * Removes what killed runs left over. The function that is returned removes the folder.
 */
export function makeTemplates(): () => void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-', 1)[0] : undefined;
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join(tmpdir(), name), {recursive: true, force: true});
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // The account of the servers, which is not ours when we are root, writes the templates.
  chmodSync(folder, 0o1777);
  process.env.PGTOP_TEST_TEMPLATES = folder;
  return () => rmSync(folder, {recursive: true, force: true});
}

/**
 * A copy of the programs of a major whose initdb runs once and copies what it made from then on, which costs a
 * fraction. The programs themselves outside a run that makeTemplates began, and where they are the system's, which
 * cannot be moved; null when there are none.
 */
export function templateProgramsOf(major: number): string | null {
  const programs = programsOfMajor(major);
  const templates = process.env.PGTOP_TEST_TEMPLATES;
  if (programs === null || templates === undefined || !existsSync(join(dirname(programs), 'share')))
    return programs;
  const folder = join(templates, `pg${major}`);
  const bin = join(folder, 'bin');
  if (existsSync(folder)) return bin;
  const copy = mkdtempSync(`${folder}-`);
  cpSync(dirname(programs), copy, {recursive: true});
  chmodSync(copy, 0o755);
  renameSync(join(copy, 'bin/initdb'), join(copy, 'bin/initdb-itself'));
  writeFileSync(join(copy, 'bin/initdb'), copyingInitdb(join(bin, 'initdb-itself'), `${folder}-data`), {
    mode: 0o755,
  });
  try {
    renameSync(copy, folder);
  } catch {
    // Another test file was faster.
    rmSync(copy, {recursive: true});
  }
  return bin;
}

/** An initdb that is asked as throw-away servers ask it: the data folder first, the rest always the same. */
function copyingInitdb(initdb: string, template: string): string {
  return `#!/bin/sh
data=$2
shift 2
if [ ! -d '${template}' ]; then
  new=$(mktemp -d '${template}.XXXXXX') && '${initdb}' -D "$new" "$@" || exit
  mv -T "$new" '${template}' 2>/dev/null || rm -rf "$new"
fi
cp -Rp '${template}' "$data"
`;
}
