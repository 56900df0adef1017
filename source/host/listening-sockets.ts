import {realpathSync} from 'node:fs';
import {BlockList} from 'node:net';
import {basename, dirname, join} from 'node:path';
import type {ServerPlace} from '../model/server-place.ts';
import {readKernelFile} from './read-kernel-file.ts';

/**
 * The inodes of the sockets that listen at a place on this machine, as `socket:[inode]` names them among a process's files, each with
 * the user id it belongs to; null for a Unix socket, of which the kernel does not tell it.
 */
export function listenersAt(place: ServerPlace, proc: string): ReadonlyMap<string, number | null> {
  if (place.isSocket) return new Map(socketsIn(place, proc).map(inode => [inode, null]));
  return new Map(portsAt(place, proc).map(({inode, uid}) => [inode, uid]));
}

/** The paths of all sockets by which servers listen on this machine, whichever they are. */
export function serverSockets(proc: string): readonly string[] {
  return unixListeners(proc)
    .map(({path}) => path)
    .filter(path => /^\/.*\/\.s\.PGSQL\.\d+$/.test(path));
}

/** Where a server's socket is in its folder. */
export function socketPath({host, port}: Pick<ServerPlace, 'host' | 'port'>): string {
  return join(host, `.s.PGSQL.${port}`);
}

function socketsIn({host, port}: ServerPlace, proc: string): readonly string[] {
  const name = basename(socketPath({host, port}));
  const folder = realFolder(host);
  return unixListeners(proc)
    .filter(({path}) => basename(path) === name && realFolder(dirname(path)) === folder)
    .map(({inode}) => inode);
}

/** The folder without links on the way; a server may have been told another name of it. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return folder;
    throw error;
  }
}

/** A socket that accepts connections (__SO_ACCEPTCON). */
const ACCEPTING = '00010000';

function unixListeners(proc: string): readonly {readonly inode: string; readonly path: string}[] {
  const lines = readKernelFile(`${proc}/self/net/unix`)?.split('\n') ?? [];
  return lines.flatMap(line => {
    const [, flags, inode, path] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) (.+)$/.exec(line) ?? [];
    return flags === ACCEPTING && inode !== undefined && path !== undefined ? [{inode, path}] : [];
  });
}

/** The state of listening in /proc/net/tcp. */
const LISTEN = '0A';

/** Sockets that listen at the very address, else those that listen at all of its family. */
function portsAt({address, port}: ServerPlace, proc: string): readonly TcpListener[] {
  if (address === null) return [];
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const listeners = tcpListeners(`${proc}/self/net/${family === 'ipv6' ? 'tcp6' : 'tcp'}`).filter(
    listener => listener.port === port,
  );
  const at = (wanted: string) => {
    const same = new BlockList();
    same.addAddress(wanted, family);
    return listeners.filter(listener => same.check(listener.address, family));
  };
  const own = at(address);
  return own.length > 0 ? own : at(family === 'ipv6' ? '::' : '0.0.0.0');
}

type TcpListener = {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
  readonly uid: number;
};

function tcpListeners(file: string): readonly TcpListener[] {
  const lines = readKernelFile(file)?.split('\n') ?? [];
  return lines.flatMap(line => {
    const fields = line.trim().split(/\s+/);
    const [address = '', port = ''] = fields[1]?.split(':') ?? [];
    const inode = fields[9];
    if (fields[3] !== LISTEN || inode === undefined) return [];
    return [{address: addressOf(address), port: Number.parseInt(port, 16), inode, uid: Number(fields[7])}];
  });
}

/** An address from the kernel's notation: words of four bytes, each with its bytes in this machine's order. */
function addressOf(hexadecimal: string): string {
  const bytes = (hexadecimal.match(/.{8}/g) ?? []).flatMap(word => word.match(/../g)?.reverse() ?? []);
  if (bytes.length === 4) return bytes.map(byte => Number.parseInt(byte, 16)).join('.');
  return (bytes.join('').match(/.{4}/g) ?? []).join(':');
}
