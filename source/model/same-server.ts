import type {ServerIdentity} from './snapshot.ts';

/** True for the same run of the same server. A system identifier that one of the two could not be asked for does not tell them apart. */
export function isSameServer(one: ServerIdentity, other: ServerIdentity): boolean {
  const {systemIdentifier} = one;
  const isOtherSystem =
    systemIdentifier !== null &&
    other.systemIdentifier !== null &&
    systemIdentifier !== other.systemIdentifier;
  return !isOtherSystem && one.startedAt === other.startedAt && one.address === other.address;
}
