import {execFile} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A private certificate authority in a folder: `ca.crt`, and what it signs. */
export type Authority = {
  /** Path of the authority's certificate. */
  readonly file: string;
  /** Makes NAME.crt and NAME.key, made out to `subject` with these alternative names (`DNS:localhost`). */
  sign(
    name: string,
    subject: string,
    alternativeNames?: string,
  ): Promise<{readonly cert: string; readonly key: string}>;
  /** Writes a revocation list with the certificates of these names; the path of its file. */
  revoke(...names: readonly string[]): Promise<string>;
};

/** Makes an authority of its own in a folder that is there. */
export async function makeAuthority(folder: string, name = 'ca'): Promise<Authority> {
  const path = (file: string) => join(folder, file);
  const openssl = (...words: readonly string[]) => run('openssl', words, {cwd: folder});
  await openssl(
    ...['req', '-x509', ...KEY, '-days', '30', '-subj', `/CN=pgtop test ${name}`],
    ...['-keyout', `${name}.key`, '-out', `${name}.crt`],
  );
  return {
    file: path(`${name}.crt`),
    async sign(leaf, subject, alternativeNames) {
      await openssl(
        'req',
        ...KEY,
        '-subj',
        `/CN=${subject}`,
        '-keyout',
        `${leaf}.key`,
        '-out',
        `${leaf}.csr`,
      );
      const extensions = alternativeNames === undefined ? '' : `subjectAltName=${alternativeNames}\n`;
      writeFileSync(path(`${leaf}.ext`), extensions);
      const authority = ['-CA', `${name}.crt`, '-CAkey', `${name}.key`, '-CAcreateserial'];
      await openssl(
        ...[
          'x509',
          '-req',
          '-in',
          `${leaf}.csr`,
          '-out',
          `${leaf}.crt`,
          '-days',
          '30',
          '-extfile',
          `${leaf}.ext`,
        ],
        ...authority,
      );
      return {
        cert: readFileSync(path(`${leaf}.crt`), 'utf8'),
        key: readFileSync(path(`${leaf}.key`), 'utf8'),
      };
    },
    async revoke(...names) {
      writeFileSync(path('index.txt'), '');
      writeFileSync(
        path('openssl.cnf'),
        '[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=30\n',
      );
      const ca = ['ca', '-config', 'openssl.cnf', '-cert', `${name}.crt`, '-keyfile', `${name}.key`];
      for (const leaf of names) await openssl(...ca, '-revoke', `${leaf}.crt`);
      await openssl(...ca, '-gencrl', '-out', `${name}.crl`);
      return path(`${name}.crl`);
    },
  };
}
