import {isIP} from 'node:net';
import type {PeerCertificate} from 'node:tls';

/**
 * Checks that a certificate was made out to a host, with libpq's rules, which are not Node's: names and addresses of the
 * subject's alternatives; the common name only where there is none of either kind; a star for the whole first label only.
 * An error when it was not, as tls.connect wants it from checkServerIdentity.
 */
export function checkServerName(host: string, certificate: PeerCertificate): Error | undefined {
  const names = alternativeNames(certificate.subjectaltname ?? '');
  const common = certificate.subject?.CN;
  const candidates = names.length > 0 ? names : [common ?? []].flat();
  if (candidates.some(name => isNameOf(host, name))) return undefined;
  const shown = candidates.length === 0 ? 'nobody' : candidates.slice(0, 3).join(', ');
  const more = candidates.length > 3 ? ` and ${candidates.length - 3} more` : '';
  const wanted = host === '' ? 'and hostaddr gives no name to compare it with' : `not to ${host}`;
  return new Error(`the server's certificate is made out to ${shown}${more}, ${wanted}`);
}

/** Host names and addresses of `DNS:a.example, IP Address:10.0.0.1, DNS:"quoted"`. */
function alternativeNames(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|, )(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? String(JSON.parse(name)) : name,
  );
}

function isNameOf(host: string, name: string): boolean {
  const [wanted, given] = [comparable(host), comparable(name)];
  if (wanted === given) return true;
  if (!given.startsWith('*.') || isIP(host) !== 0) return false;
  return wanted.slice(wanted.indexOf('.')) === given.slice(1) && wanted.indexOf('.') > 0;
}

/** IPv6 addresses in one spelling, names in small letters. */
function comparable(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
}
