/** A file as its owner's system has it. `text` is undefined when it may not be read, and for anything but a plain file. */
export type UserFile = {
  readonly kind: 'file' | 'socket' | 'other';
  /** Permission bits. */
  readonly mode: number;
  /** Numeric id of the owner; 0 is root. */
  readonly ownerId: number;
  readonly text: string | undefined;
};

/** Looks at a path, following links; null when nothing is there or the way is barred. */
export type ReadUserFile = (path: string) => UserFile | null;

/** The connection options of the command line, each as typed. An empty text counts as not given, as in psql. */
export type ConnectionOptions = {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly username?: string | undefined;
  /** A database name, a conninfo string or a URI. */
  readonly dbname?: string | undefined;
  /** -w: never ask for a password. */
  readonly noPassword?: boolean | undefined;
  /** -W: ask for a password before connecting. */
  readonly password?: boolean | undefined;
};

/** All that resolveConnection looks at: what was typed, and what the system has to say. */
export type ConnectionRequest = {
  /** CONNECTION: a database name, a conninfo string or a URI. */
  readonly argument?: string | undefined;
  readonly options: ConnectionOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Name of the operating system's user; undefined when it has none. */
  readonly osUser: string | undefined;
  readonly homeFolder: string | undefined;
  readonly readFile: ReadUserFile;
};
