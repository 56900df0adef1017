import type {ReadAuditRecord} from '../model/read-audit-record.ts';
import {wrapText} from '../model/text-width.ts';
import {type Line, line, span} from './line.ts';
import type {Mode} from './mode.ts';
import type {State} from './state.ts';

/** The action log, the latest signal first: each with its outcome where it is known. */
export function logLines(state: State, {records}: Extract<Mode, {type: 'action-log'}>): readonly Line[] {
  const {auditPath} = state.options;
  const where = auditPath ?? 'kept in memory only (--audit-log none)';
  return [
    {...line(` Action log · ${where}`), mark: 'heading'},
    ...(state.auditProblem === null ? [] : [line(` It cannot be written: ${state.auditProblem}`, 'danger')]),
    ...(records === null ? [] : entryLines(records, state)),
  ];
}

function entryLines(records: readonly ReadAuditRecord[], state: State): readonly Line[] {
  const entries = actionsOf(records);
  if (entries.length === 0) return [line(' Nothing has been signalled yet.', 'dim')];
  return entries.flatMap(entry => actionLines(entry, state));
}

/** A signal with its outcome; an outcome without a signal is one that was never sent. */
type Action = {readonly about: ReadAuditRecord; readonly outcome: ReadAuditRecord | null};

/** The signals, the latest first, each with the outcome that was noted next for the same session. */
function actionsOf(records: readonly ReadAuditRecord[]): readonly Action[] {
  const actions: Action[] = [];
  const open = new Map<string, number>();
  for (const record of records) {
    const key = `${record.serverHost} ${record.host} ${record.action} ${record.pid} ${record.backendStart}`;
    const index = open.get(key);
    const begun = index === undefined ? undefined : actions[index];
    if (record.event === 'outcome' && index !== undefined && begun !== undefined) {
      actions[index] = {...begun, outcome: record};
      open.delete(key);
    } else {
      if (record.event === 'signal') open.set(key, actions.length);
      actions.push({about: record, outcome: record.event === 'signal' ? null : record});
    }
  }
  return actions.reverse();
}

function actionLines({about, outcome}: Action, {columns}: State): readonly Line[] {
  const {at, action, pid, usename, datname, applicationName, osUser, serverHost, reason} = about;
  const result = outcome?.result ?? 'outcome not known';
  const after = outcome?.afterMs == null ? '' : ` after ${outcome.afterMs} ms`;
  const isGood = ['ended', 'cancelled'].includes(result);
  const who = `${usename ?? ''}@${datname ?? ''} ${applicationName ?? ''}`.trim();
  const words = [outcome?.message, reason === null ? null : `reason: ${reason}`].filter(part => part != null);
  return [
    {
      spans: [
        span(` ${at.slice(0, 19).replace('T', ' ')} `, 'dim'),
        span(`${action} ${pid ?? '?'} `, 'strong'),
        span(`${result}${after}`, isGood ? 'good' : 'danger'),
        span(` · ${who} on ${serverHost ?? '?'}`),
        span(` · by ${osUser ?? '?'}`, 'dim'),
      ],
    },
    ...words
      .flatMap(text => wrapText(text ?? '', Math.max(10, columns - 24)))
      .map(text => line(`${' '.repeat(21)}${text}`)),
  ];
}
