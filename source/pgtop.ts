#!/usr/bin/env node
import nodeModule from 'node:module';
import v8 from 'node:v8';
import {start} from './start.ts';

await start(
  () => {
    const {directory} = nodeModule.enableCompileCache();
    // Node.js keeps what is compiled before a module runs; what V8 leaves for later would be compiled anew at each start.
    if (directory !== undefined) v8.setFlagsFromString('--no-lazy');
    return import('./cli.ts');
  },
  import.meta,
);
