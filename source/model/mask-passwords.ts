/** Without one of these a text holds no secret in a form known here. */
const TRIGGER = /passw|secret|identified|:\/\//i;
const SECRET_NAME = /passw(?:or)?d|secret_?(?:access_?)?key|identified\s+by/gi;

/** User and password of a URI. A password holding a slash must be written %2F, so the slash ends the search. */
const URI_PASSWORD = /(:\/\/[^\s:@/'"]*:)(?:[^\s/'"]|'')*(?:(@)|$)/g;

const SPACES = /\s*/y;
const COMMENT = /\/\*[\s\S]*?\*\/|--[^\n]*\n/y;
const COMMENT_START = /\/\*|--/y;
const SEPARATOR = /:?=+>?|[!<>]=|<>|:(?!:)/y;
const QUOTES = /'+/y;
const LITERAL_PREFIX = /(?:[EBXN]|U&)(?=')/iy;
const PLAIN_LITERAL = /'(?:[^']|'')*(?:'|$)/y;
const ESCAPE_LITERAL = /'(?:[^'\\]|''|\\[\s\S]?)*(?:'|$)/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const JSON_STRING = /"(?:[^"\\]|\\[\s\S]?)*(?:"|$)/y;
const CALL = /[\w.]+\s*\(\s*/y;
const CONCATENATION = /'\s*\|\|\s*/y;
const PARAMETER = /\$\d+(?=[\s,;:)]|$)/y;
const BARE_VALUE = /(?:\\[\s\S]?|[^\s'"\\])+/y;

/** What stands in for a secret, and where the text goes on after it. */
type Secret = {readonly mask: string; readonly end: number};

/** The length of what a sticky pattern finds at exactly this place; 0 when it finds nothing. */
function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Where whitespace and comments between two SQL words end; null when a comment does not end. */
function skipGap(text: string, from: number): number | null {
  let at = from;
  for (;;) {
    at += lengthAt(SPACES, text, at);
    const comment = lengthAt(COMMENT, text, at);
    if (comment === 0) return lengthAt(COMMENT_START, text, at) === 0 ? at : null;
    at += comment;
  }
}

/** The end of a literal opened by one quote, literals joined to it included: `'a' 'b'` is one value. */
function plainLiteralEnd(text: string, open: number, literal: RegExp): number {
  let end = open;
  let next = open;
  while (text[next] === "'") {
    end = next + lengthAt(literal, text, next);
    next = end + lengthAt(SPACES, text, end);
    if (next === end) return end;
  }
  return end;
}

/** The end of a literal inside another one, where a quote is written `depth` times and a quote within the value twice that. */
function nestedLiteralEnd(text: string, open: number, depth: number): number {
  let at = text.indexOf("'", open + depth);
  while (at !== -1) {
    const run = lengthAt(QUOTES, text, at);
    const closing = run % (2 * depth);
    // Fewer quotes than depth close the literal around this one: they stay.
    if (closing !== 0) return at + run - closing + (closing < depth ? 0 : depth);
    at = text.indexOf("'", at + run);
  }
  return text.length;
}

function quotedSecret(text: string, open: number, literal: RegExp): Secret | null {
  const depth = lengthAt(QUOTES, text, open);
  if (depth % 2 === 1) return {mask: "'***'", end: plainLiteralEnd(text, open, literal)};
  if (/^(?:\s|$)/.test(text.slice(open + depth, open + depth + 1))) return null;
  const quote = "'".repeat(depth);
  return {mask: `${quote}***${quote}`, end: nestedLiteralEnd(text, open, depth)};
}

function endAfter(text: string, from: number, close: string): number {
  const at = text.indexOf(close, from);
  return at === -1 ? text.length : at + close.length;
}

/** A secret written as a literal at this place: in quotes, with a prefix, in dollars, or with `\'` inside an escape string. */
function literalSecret(text: string, at: number): Secret | null {
  const quote = at + lengthAt(LITERAL_PREFIX, text, at);
  const hasEscapes = quote !== at && /e/i.test(text[at] ?? '');
  if (text[quote] === "'") return quotedSecret(text, quote, hasEscapes ? ESCAPE_LITERAL : PLAIN_LITERAL);
  if (text.startsWith("\\'", at)) return {mask: "\\'***\\'", end: endAfter(text, at + 2, "\\'")};
  const tag = text.slice(at, at + lengthAt(DOLLAR_TAG, text, at));
  return tag === '' ? null : {mask: "'***'", end: endAfter(text, at + tag.length, tag)};
}

/** A secret that an expression yields: `crypt('secret', …)`, or `' || quote_literal('secret')` where the literal around the name ends. */
function computedSecret(text: string, from: number): Secret | null {
  const joined = from + lengthAt(CONCATENATION, text, from);
  const literalAt = joined + lengthAt(CALL, text, joined);
  const secret = literalAt === from ? null : literalSecret(text, literalAt);
  return secret === null ? null : {mask: text.slice(from, literalAt) + secret.mask, end: secret.end};
}

/** A secret after `=` or `:`, as SQL, a connection string and JSON write it. */
function assignedSecret(text: string, at: number): Secret | null {
  const json = lengthAt(JSON_STRING, text, at);
  if (json > 0) return {mask: '"***"', end: at + json};
  const bare = lengthAt(PARAMETER, text, at) > 0 ? 0 : lengthAt(BARE_VALUE, text, at);
  return bare === 0 ? null : {mask: '***', end: at + bare};
}

function secretAt(text: string, at: number, isAssigned: boolean): Secret | null {
  const computed = computedSecret(text, at);
  if (computed !== null || lengthAt(CONCATENATION, text, at) > 0) return computed;
  return literalSecret(text, at) ?? (isAssigned ? assignedSecret(text, at) : null);
}

/** The secret that belongs to a name, if one follows; `closesLiteral` when a quote right after the name ends the literal around it. */
function secretAfter(text: string, nameEnd: number, closesLiteral: boolean): Secret | null {
  const next = text[nameEnd];
  const keyEnd = next === '"' || (next === "'" && closesLiteral) ? nameEnd + 1 : nameEnd;
  const gapEnd = skipGap(text, keyEnd);
  const separator = gapEnd === null ? 0 : lengthAt(SEPARATOR, text, gapEnd);
  const at = gapEnd === null || separator === 0 ? gapEnd : skipGap(text, gapEnd + separator);
  // An unfinished comment may be one whose end was lost with the line breaks: the value may stand in it.
  if (at === null) return {mask: ' ***', end: text.length};
  if (separator === 0 && keyEnd !== nameEnd) return null;
  const secret = secretAt(text, at, separator > 0);
  return secret === null ? null : {mask: text.slice(nameEnd, at) + secret.mask, end: secret.end};
}

function countQuotes(text: string): number {
  return text.split("'").length - 1;
}

function maskNamed(text: string): string {
  let masked = '';
  let done = 0;
  let counted = 0;
  let quotes = 0;
  for (const {0: name, index} of text.matchAll(SECRET_NAME)) {
    if (index < done) continue;
    const nameEnd = index + name.length;
    quotes += countQuotes(text.slice(counted, index));
    counted = index;
    const secret = secretAfter(text, nameEnd, quotes % 2 === 1);
    if (secret === null) continue;
    masked += text.slice(done, nameEnd) + secret.mask;
    done = secret.end;
  }
  return masked + text.slice(done);
}

/**
 * A query text with its secrets replaced by `***`: literals after PASSWORD or IDENTIFIED BY, `password=` in connection
 * strings and assignments, user mapping options, secret keys, the password of a URI. Where in doubt too much is masked;
 * a literal the server cut off is masked to the end. Call it before sanitise, which loses the newline that ends a comment.
 */
export function maskPasswords(query: string): string {
  return TRIGGER.test(query) ? maskNamed(query).replace(URI_PASSWORD, '$1***$2') : query;
}
