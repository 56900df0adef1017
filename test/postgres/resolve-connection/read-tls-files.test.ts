import {describe, expect, it} from 'vitest';
import {readTlsFiles} from '../../../source/postgres/resolve-connection/read-tls-files.ts';
import {resolveConnection} from '../../../source/postgres/resolve-connection/resolve-connection.ts';
import {connectionRequest, type Files} from './connection-request.ts';

const HOME = '/home/ann/.postgresql';

function filesOf(argument: string, files: Files, environment = {}) {
  const request = connectionRequest({argument, files, environment});
  return readTlsFiles(resolveConnection(request).tls, request.readFile);
}

describe('the server certificate', () => {
  it.each([
    ['allow', {}, 'nothing'],
    ['prefer', {}, 'nothing'],
    ['require', {}, 'nothing'],
    ['prefer', {[`${HOME}/root.crt`]: 'CA'}, 'chain'],
    ['require', {[`${HOME}/root.crt`]: 'CA'}, 'chain'],
    ['verify-ca', {[`${HOME}/root.crt`]: 'CA'}, 'chain'],
    ['verify-full', {[`${HOME}/root.crt`]: 'CA'}, 'full'],
  ])('under %s with the files %j is checked for %s', (mode, files, verify) => {
    expect(filesOf(`sslmode=${mode}`, files).verify).toBe(verify);
  });

  it('is checked against the file that was named', () => {
    const files = {[`${HOME}/root.crt`]: 'home', '/env': 'variable', '/given': 'given'};
    const environment = {PGSSLROOTCERT: '/env'};
    expect(filesOf('', files).rootCertificates).toBe('home');
    expect(filesOf('', files, environment).rootCertificates).toBe('variable');
    expect(filesOf('sslrootcert=/given', files, environment).rootCertificates).toBe('given');
  });

  it.each(['verify-ca', 'verify-full'])('needs a root certificate under %s', mode => {
    expect(() => filesOf(`sslmode=${mode}`, {})).toThrow(
      `sslmode=${mode} needs a root certificate, and ${HOME}/root.crt does not exist`,
    );
  });

  it('cannot be checked against a file that may not be read', () => {
    expect(() => filesOf('sslrootcert=/ca', {'/ca': {text: undefined}})).toThrow(
      'cannot read the root certificate /ca',
    );
  });

  it('is looked up in a revocation list that is there', () => {
    const files = {[`${HOME}/root.crt`]: 'CA', [`${HOME}/root.crl`]: 'CRL', '/crl': 'given'};
    expect(filesOf('', files).revocationList).toBe('CRL');
    expect(filesOf('sslcrl=/crl', files).revocationList).toBe('given');
    expect(filesOf('', {[`${HOME}/root.crl`]: 'CRL'}).revocationList).toBeUndefined();
    expect(filesOf('', {[`${HOME}/root.crt`]: 'CA'}).revocationList).toBeUndefined();
  });

  it('is not accepted without the revocation list that was named', () => {
    expect(() => filesOf('sslcrl=/crl', {[`${HOME}/root.crt`]: 'CA'})).toThrow(
      'there is no revocation list /crl',
    );
  });
});

describe('the client certificate', () => {
  const pair = {[`${HOME}/postgresql.crt`]: 'CERT', [`${HOME}/postgresql.key`]: 'KEY'};

  it('is sent with its key when it is there', () => {
    expect(filesOf('', pair)).toMatchObject({certificate: 'CERT', key: 'KEY'});
    expect(filesOf('', {})).toMatchObject({certificate: undefined, key: undefined});
  });

  it('is not sent under sslcertmode=disable', () => {
    expect(filesOf('sslcertmode=disable', pair)).toMatchObject({certificate: undefined, key: undefined});
  });

  it('may be named, as may its key', () => {
    const files = {...pair, '/c': 'C', '/k': 'K'};
    expect(filesOf('sslcert=/c sslkey=/k', files)).toMatchObject({certificate: 'C', key: 'K'});
    const environment = {PGSSLCERT: '/c', PGSSLKEY: '/k'};
    expect(filesOf('', files, environment)).toMatchObject({certificate: 'C', key: 'K'});
  });

  it.each([
    ['is missing', {}, 'but not its key /k'],
    ['its group may read', {'/k': {mode: 0o640, text: 'K'}}, 'others may read the client key /k'],
    [
      'of root others may read',
      {'/k': {mode: 0o644, ownerId: 0, text: 'K'}},
      'others may read the client key /k',
    ],
    ['is no file', {'/k': {kind: 'other', text: undefined}}, 'cannot read the client key /k'],
  ] satisfies [string, Files, string][])('is not sent with a key that %s', (_, key, message) => {
    expect(() => filesOf('sslcert=/c sslkey=/k', {'/c': 'C', ...key})).toThrow(message);
  });

  it('is sent with a key that root lets a group read', () => {
    const files = {'/c': 'C', '/k': {mode: 0o640, ownerId: 0, text: 'K'}};
    expect(filesOf('sslcert=/c sslkey=/k', files).key).toBe('K');
  });
});
