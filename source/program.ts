import type {KeepCode} from './host/code-file.ts';

/** What cli.ts exports. */
export type Cli = {
  readonly main: (words: readonly string[], importMeta: ImportMeta, keepCode: KeepCode) => Promise<number>;
};

/** The script that a build leaves: a function of an import.meta and what gives Node's own modules. */
export type ProgramFunction = (importMeta: ImportMeta, builtin: NodeJS.Require) => Promise<Cli>;

/** The program as it is loaded. */
export type Program = Cli & {readonly keepCode: KeepCode};
