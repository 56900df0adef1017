/**
 * Something the user gave (an argument, an option, a variable, a file) cannot be used: exit code 2, before anything else happens.
 * `message` is one line without a password in it; `hint`, when there is one, is a second line that says what to do.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
