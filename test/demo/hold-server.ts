import {startThrowAwayServer} from '../../source/demo/throw-away-server.ts';

// A program that owns a server, to be killed: starts one on the programs in its argument, says where, and waits.
const server = await startThrowAwayServer({programs: process.argv[2] ?? ''});
process.stdout.write(`${JSON.stringify(server)}\n`);
setInterval(() => undefined, 60_000);
