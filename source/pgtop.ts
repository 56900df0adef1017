#!/usr/bin/env node
import {loadProgram} from './load-program.ts';
import {start} from './start.ts';

await start(() => loadProgram(PGTOP_PROGRAM, import.meta), import.meta);
