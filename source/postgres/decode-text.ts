import {TextDecoder} from 'node:util';

const DECODERS = new Map<string, TextDecoder>();

/** PostgreSQL's encoding names where TextDecoder knows the encoding by another one. */
const LABELS: Readonly<Record<string, string>> = {
  UTF8: 'utf-8',
  SQL_ASCII: 'utf-8',
  LATIN1: 'latin1',
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'iso-8859-9',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO_8859_5: 'iso-8859-5',
  ISO_8859_6: 'iso-8859-6',
  ISO_8859_7: 'iso-8859-7',
  ISO_8859_8: 'iso-8859-8',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1252: 'windows-1252',
  WIN1253: 'windows-1253',
  WIN1254: 'windows-1254',
  WIN1255: 'windows-1255',
  WIN1256: 'windows-1256',
  WIN1257: 'windows-1257',
  WIN1258: 'windows-1258',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  EUC_JP: 'euc-jp',
  EUC_KR: 'euc-kr',
  EUC_CN: 'gb18030',
  GBK: 'gbk',
  GB18030: 'gb18030',
  BIG5: 'big5',
  SJIS: 'shift_jis',
  UHC: 'euc-kr',
};

function decoderOf(encoding: string): TextDecoder {
  const label = LABELS[encoding] ?? 'utf-8';
  const known = DECODERS.get(label);
  if (known !== undefined) return known;
  const made = new TextDecoder(label);
  DECODERS.set(label, made);
  return made;
}

/**
 * The text behind `encode(bytea, 'escape')`: bytes beyond ASCII are written `\ooo`, a backslash `\\`. The bytes are read
 * in the encoding of the session's database (pg_encoding_to_char's name); what does not decode becomes U+FFFD.
 */
export function decodeEscaped(escaped: string, encoding: string): string {
  if (!escaped.includes('\\')) return escaped;
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let at = 0; at < escaped.length; length++) {
    const isEscape = escaped[at] === '\\';
    const isBackslash = isEscape && escaped[at + 1] === '\\';
    bytes[length] =
      isEscape && !isBackslash ? Number.parseInt(escaped.slice(at + 1, at + 4), 8) : escaped.charCodeAt(at);
    at += isBackslash ? 2 : isEscape ? 4 : 1;
  }
  return decoderOf(encoding).decode(bytes.subarray(0, length));
}
