// Which code an engine runs. The version alone does not tell for who builds from source: an engine that outlived a build
// would go on with the old code.
import { stat } from 'node:fs/promises';
import { compiledFile, packageVersion } from '../../package-files.js';
import type { EngineState } from '../engine-state.js';

/** The compiled file that every engine of this package is started from, or undefined when it has not been built. */
export async function currentProgram(): Promise<EngineState['program']> {
  const path = compiledFile('local/daemon/main.js');
  const file = await stat(path).catch(() => undefined);
  return file && { path, modifiedMs: file.mtimeMs };
}

/**
 * True when the engine runs this package's code: the same version, and not an older build of the same file. Two copies
 * of one version in different folders are the same, lest they take the engine from each other all the time.
 */
export async function runsThisCode(state: EngineState): Promise<boolean> {
  if (state.version !== packageVersion()) return false;
  const program = await currentProgram();
  if (program === undefined || state.program?.path !== program.path) return true;
  return state.program.modifiedMs === program.modifiedMs;
}
