import {WrongServer} from './connect-error.ts';
import type {Connection} from './connection.ts';
import {type SessionKindRow, sessionKindStatement} from './queries/session-kind.ts';
import type {TargetSession} from './resolve-connection/connection-plan.ts';

/** @throws WrongServer when the session is not on the kind of server that target_session_attrs asks for. To be called before the session is made read only. */
export async function checkTargetSession(connection: Connection, wanted: TargetSession): Promise<void> {
  if (wanted === 'any') return;
  const [row] = await connection.query<SessionKindRow>(sessionKindStatement);
  const [inRecovery, readOnly] = row ?? [];
  const fault = faultOf(wanted, inRecovery === 't', readOnly === 'on');
  if (fault !== null) throw new WrongServer(fault);
}

function faultOf(wanted: TargetSession, isStandby: boolean, isReadOnly: boolean): string | null {
  switch (wanted) {
    case 'read-write':
      return isReadOnly ? `${isStandby ? 'a standby' : 'a session there'} is read only` : null;
    case 'read-only':
      return isReadOnly ? null : 'a session there may write';
    case 'primary':
      return isStandby ? 'this is a standby' : null;
    case 'standby':
    case 'prefer-standby':
      return isStandby ? null : 'this is a primary';
    case 'any':
      return null;
  }
  return wanted satisfies never;
}
