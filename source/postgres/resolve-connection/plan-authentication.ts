import {UsageError} from '../../model/usage-error.ts';
import type {AuthenticationMethod, AuthenticationPolicy} from './connection-plan.ts';
import {choiceOf, givenValue, quoted, type Settings, sourceText} from './setting.ts';

/** Ways that pgtop can answer. */
const METHODS: readonly AuthenticationMethod[] = ['none', 'password', 'md5', 'scram-sha-256'];
/** Ways that libpq knows and pgtop cannot answer: no server gets in by them. */
const OTHER_METHODS: readonly string[] = ['gss', 'sspi', 'oauth'];

/** What channel_binding and require_auth ask for. @throws UsageError for unknown values */
export function planAuthentication(settings: Settings): AuthenticationPolicy {
  return {
    channelBinding: choiceOf(settings, 'channel_binding', ['prefer', 'disable', 'require'], 'prefer'),
    methods: methodsOf(settings),
  };
}

/** A list of methods, or of methods with `!` before each: all but these. */
function methodsOf(settings: Settings): ReadonlySet<AuthenticationMethod> | undefined {
  const value = givenValue(settings, 'require_auth');
  if (value === undefined) return undefined;
  const words = value.split(',').map(word => word.trim());
  const isNegated = words[0]?.startsWith('!') === true;
  const names = words.map(word => word.replace(/^!/, ''));
  const isMixed = words.some(word => word.startsWith('!') !== isNegated);
  const unknown = names.find(name => !isMethod(name) && !OTHER_METHODS.includes(name));
  if (isMixed || unknown !== undefined || new Set(names).size < names.length) {
    const source = settings.get('require_auth')?.source ?? {kind: 'default'};
    throw new UsageError(
      `require_auth from ${sourceText(source)} is ${isMixed ? 'a mix of methods and of methods with "!"' : 'no list of methods'}: ${quoted(value)}`,
      `Methods: ${[...METHODS, ...OTHER_METHODS].join(', ')}; all with "!" before them, or none.`,
    );
  }
  return new Set(METHODS.filter(method => names.includes(method) !== isNegated));
}

function isMethod(name: string): boolean {
  return METHODS.some(method => method === name);
}
