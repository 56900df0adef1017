/** Where a server was asked for a session, and for which. */
export type ServerPlace = {
  /** The name it goes by: a host name, an address, or a socket folder that begins with `/`. */
  readonly host: string;
  /** The address that was connected to; null for a Unix-domain socket, and for a name that was not found. */
  readonly address: string | null;
  readonly isSocket: boolean;
  readonly port: number;
  readonly user: string;
  readonly database: string;
};
