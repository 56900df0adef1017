import type {PeerCertificate} from 'node:tls';
import {describe, expect, it, test} from 'vitest';
import {checkServerName} from '../../source/postgres/server-name.ts';

const certificate = (subjectaltname: string | undefined, CN?: string) =>
  ({subjectaltname, subject: {CN}}) as unknown as PeerCertificate;

// Every row is what libpq's pq_verify_peer_name_matches_certificate does.
describe('a certificate', () => {
  it.each([
    ['db.example', 'DNS:db.example', undefined],
    ['DB.Example', 'DNS:db.EXAMPLE', undefined],
    ['db.example', 'DNS:other, DNS:db.example', 'other'],
    ['a.example', 'DNS:*.example', undefined],
    ['db.example', undefined, 'db.example'],
    ['10.0.0.1', 'IP Address:10.0.0.1', undefined],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1', undefined],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['db.example', 'URI:urn:x', 'db.example'],
  ])('is one of %s with the names %s and the common name %s', (host, names, common) => {
    expect(checkServerName(host, certificate(names, common))).toBeUndefined();
  });

  it.each([
    ['db.example', 'DNS:other', 'db.example'],
    ['db.example', 'IP Address:10.0.0.1', 'db.example'],
    ['a.b.example', 'DNS:*.example', undefined],
    ['example', 'DNS:*.example', undefined],
    ['xa.example', 'DNS:x*.example', undefined],
    ['10.0.0.1', 'DNS:*.0.0.1', undefined],
    ['10.0.0.2', 'IP Address:10.0.0.1', undefined],
    ['db.example', 'DNS:"evil, DNS:db.example"', undefined],
    ['db.example', undefined, undefined],
  ])('is not one of %s with the names %s and the common name %s', (host, names, common) => {
    expect(checkServerName(host, certificate(names, common))?.message).toMatch(/ is made out to .*, not to /);
  });

  test('cannot be compared with no name', () => {
    expect(checkServerName('', certificate('DNS:a'))?.message).toMatch(/ to a, and hostaddr gives no name /);
  });
});
