import type {ConnectionAttempt, ConnectionPlan} from './connection-plan.ts';
import {safeLine} from './setting.ts';

/** `user@host:port/database` for the header and for errors, without a password: a socket shows its folder, IPv6 its brackets. One safe line. */
export function describePlan(plan: ConnectionPlan, attempt: ConnectionAttempt = plan.attempts[0]): string {
  return safeLine(`${plan.user}@${describeAttempt(attempt)}/${plan.database}`);
}

/** `host:port` of one attempt, as describePlan shows it. */
export function describeAttempt({kind, host, port}: ConnectionAttempt): string {
  return safeLine(`${kind === 'tcp' && host.includes(':') ? `[${host}]` : host}:${port}`);
}

/** All places that were or would be tried, for an error that says so: `/tmp:5432, localhost:5432 (no socket /var/run/…)`. */
export function describeAttempts(plan: ConnectionPlan): string {
  const tried = plan.attempts.map(describeAttempt).join(', ');
  return plan.missingSockets.length === 0 ? tried : `${tried} (no socket ${plan.missingSockets.join(', ')})`;
}
