import {type Finding, findingsOf, type ServerExamination} from '../model/diagnosis.ts';
import {type Attempt, ConnectError} from '../postgres/connect-error.ts';
import {examineServer} from '../postgres/examine-server.ts';
import {PoolerInBetween} from '../postgres/pooler.ts';
import {prepareMonitoring} from '../postgres/prepare-monitoring.ts';
import type {ResolvedParameter} from '../postgres/resolve-connection/connection-plan.ts';
import {UnsupportedServer} from '../postgres/session-recipe.ts';
import {ConnectionLost, errorCode, errorText, StatementTimeout} from '../postgres/sql-state.ts';
import {wordChoice} from './choices.ts';
import {connectorOf, planFor, warningsOf} from './connect.ts';
import {diagnosisJson} from './diagnosis-json.ts';
import {diagnosisText} from './diagnosis-text.ts';
import type {Arguments} from './parse-arguments.ts';
import {print} from './print.ts';

/** What the doctor found: what was resolved, where it was tried, and what the server is and allows. */
export type Diagnosis = {
  /** Every parameter in force, a password without its value. */
  readonly parameters: readonly ResolvedParameter[];
  readonly attempts: readonly Attempt[];
  /** The pooler that answered, as far as it tells its name; null when the server itself did, or nobody. */
  readonly pooler: string | null;
  /** Null when there is no session that could be asked. */
  readonly examination: ServerExamination | null;
  readonly findings: readonly Finding[];
};

/** `pgtop doctor`: what was resolved, from where, and what this role may see and do. Resolves with 0, or 1 when pgtop cannot do its work there. @throws UsageError */
export async function doctor(parsed: Arguments): Promise<number> {
  const format = wordChoice('format', parsed.values.format, ['table', 'json']);
  const diagnosis = await diagnose(parsed);
  await print(format === 'json' ? diagnosisJson(diagnosis) : diagnosisText(diagnosis));
  return diagnosis.findings.some(({level}) => level === 'problem') ? 1 : 0;
}

async function diagnose(parsed: Arguments): Promise<Diagnosis> {
  const plan = planFor(parsed);
  const connector = connectorOf(plan);
  const warnings = warningsOf(plan).map(message => ({level: 'note', message, fix: null}) as const);
  const found = (rest: Omit<Diagnosis, 'parameters' | 'attempts'>): Diagnosis => ({
    parameters: plan.parameters,
    attempts: connector.attempts(),
    ...rest,
    findings: [...rest.findings, ...warnings],
  });
  try {
    const session = await prepareMonitoring(() => connector.open());
    try {
      const examination = await examineServer(session);
      return found({pooler: null, examination, findings: findingsOf(examination)});
    } finally {
      await session.connection.close();
    }
  } catch (error) {
    if (!isAnswer(error)) throw error;
    const fix = 'hint' in error && typeof error.hint === 'string' ? error.hint : null;
    const pooler = error instanceof PoolerInBetween ? (error.pooler ?? 'unknown') : null;
    return found({pooler, examination: null, findings: [{level: 'problem', message: errorText(error), fix}]});
  }
}

/** True for what a server, a pooler or the network answered, which is a finding; not for a mistake of the user's or of the program. */
function isAnswer(error: unknown): error is Error {
  const answers = [ConnectError, PoolerInBetween, UnsupportedServer, StatementTimeout, ConnectionLost];
  return answers.some(kind => error instanceof kind) || errorCode(error) !== null;
}
