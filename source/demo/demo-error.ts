import {sanitise} from '../model/sanitise.ts';

/** Why the demo cannot be had, as one line for the user, fit for a terminal; `hint` says what to do about it. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null, options?: ErrorOptions) {
    super(sanitise(message), options);
    this.hint = hint;
  }
}
