/**
 * Keeps V8's code of what has run for the next start, if that is worth it; what it has when called. Never rejects. To be called
 * before V8 is told how to go on: it takes code only where it was told the same as when that was made.
 */
export type KeepCode = () => Promise<void>;

/** What cli.ts exports. */
export type Cli = {
  readonly main: (words: readonly string[], importMeta: ImportMeta, keepCode: KeepCode) => Promise<number>;
};

/** The script that a build leaves: a function of an import.meta and what gives Node's own modules. */
export type ProgramFunction = (importMeta: ImportMeta, builtin: NodeJS.Require) => Promise<Cli>;

/** The program as it is loaded. */
export type Program = Cli & {readonly keepCode: KeepCode};
