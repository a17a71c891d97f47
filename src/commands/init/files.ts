// The user's own files that go into the function, and what is made of them.
import { resolve } from 'node:path';
import type { LoadedConfig } from '../../config.js';
import { type Bundle, bundleHandler } from '../../lambda/bundle/index.js';
import type { InitFlags } from '../init.js';

export interface UserFiles {
  readonly model?: string;
  readonly handler?: string;
}

/** Paths on the command line are relative to where it runs, those in ddbcdc.json to the file. */
export function userFiles(flags: InitFlags, loaded: LoadedConfig, cwd: string): UserFiles {
  const path = (flag: string | undefined, saved: string | undefined): string | undefined => {
    if (flag !== undefined) return resolve(cwd, flag);
    return saved === undefined ? undefined : resolve(loaded.projectDir, saved);
  };
  const model = path(flags.model, loaded.config.model);
  const handler = path(flags.handler, loaded.config.handler);
  return { ...(model === undefined ? {} : { model }), ...(handler === undefined ? {} : { handler }) };
}

export function bundleFiles({ model, handler }: UserFiles): Promise<Bundle> {
  return bundleHandler({
    ...(model === undefined ? {} : { modelPath: model }),
    ...(handler === undefined ? {} : { handlerPath: handler }),
  });
}
