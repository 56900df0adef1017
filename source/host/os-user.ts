import {userInfo} from 'node:os';

/** The name of the user that runs pgtop; null in a container whose user has none. */
export function osUser(): string | null {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
