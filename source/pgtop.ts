#!/usr/bin/env node
import nodeModule from 'node:module';
import {start} from './start.ts';

await start(
  () => {
    nodeModule.enableCompileCache();
    return import('./cli.ts');
  },
  import.meta,
);
