// esbuild as this package uses it: loaded on first use, its service process ended after the last build, and an import
// of `ddbcdc` in a user's file always this package's own model, installed beside the file or not.
import type { BuildOptions, Metafile, OutputFile, Plugin } from 'esbuild';
import { compiledFile } from '../../package-files.js';

let running = 0;

export interface Build {
  readonly outputFiles: readonly OutputFile[];
  readonly metafile: Metafile;
}

/** Runs one build without writing files. Rejects with esbuild's `BuildFailure`. */
export async function runBuild(options: BuildOptions): Promise<Build> {
  const { build, stop } = await import('esbuild');
  running++;
  try {
    return await build<BuildOptions & { write: false; metafile: true }>({
      platform: 'node',
      target: 'node20',
      format: 'esm',
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      ...options,
      write: false,
      metafile: true,
    });
  } finally {
    // The service is a process of its own: a tail that loaded a model would keep it for days.
    if (--running === 0) await stop();
  }
}

/** What stands for this package in a user's file. */
export const OWN_MODEL = compiledFile('model/index.js');

/** Resolves `ddbcdc` and `ddbcdc/model` to `path`, as part of the bundle or, with `external`, as an import of it. */
export function ownModelPlugin(path: string, external: boolean): Plugin {
  return {
    name: 'ddbcdc',
    setup(build) {
      build.onResolve({ filter: /^ddbcdc(\/model)?$/ }, () => ({ path, external, sideEffects: false }));
    },
  };
}

/**
 * Bundles the AWS SDK where the user's project has it (pinned, and quicker to start), and else leaves the import to
 * the SDK that Lambda's runtime brings.
 */
export const runtimeSdkPlugin: Plugin = {
  name: 'runtime-sdk',
  setup(build) {
    build.onResolve({ filter: /^@(aws-sdk|smithy)\// }, async (args) => {
      if (args.pluginData === runtimeSdkPlugin) return undefined;
      const { path, importer, resolveDir, kind } = args;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: runtimeSdkPlugin });
      return found.errors.length > 0 ? { path, external: true } : found;
    });
  },
};
