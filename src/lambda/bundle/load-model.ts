// Loads a user's model, TypeScript or JavaScript, into this process: bundled by esbuild so that its imports work from
// anywhere, with `ddbcdc` being the running package itself, so that there is one copy of the model's classes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError, EXIT } from '../../errors.js';
import { fromSchema, type Model } from '../../model/index.js';
import { OWN_MODEL, ownModelPlugin, runBuild } from './esbuild.js';
import { buildError, checkUserFile, noDefaultExport, shown, type UserFile } from './user-file.js';

/** What a model file exports: a model as it is, or a Standard Schema, of which `fromSchema` makes one. */
export interface LoadedModel {
  readonly model: Model;
  readonly from: 'model' | 'schema';
}

/**
 * The model that a file exports by default: a model, or a Standard Schema (zod, valibot, arktype), which becomes one.
 * Throws `model.notFound`, `model.buildFailed`, `model.noDefaultExport`, `model.threw`, `model.unusable`, each with
 * file, line and cause where there is one.
 */
export async function loadUserModel(path: string): Promise<Model> {
  return (await loadModelFile(path)).model;
}

/** As `loadUserModel`, telling which of the two it is. */
export async function loadModelFile(path: string): Promise<LoadedModel> {
  const file = await checkUserFile('model', path);
  const folder = await mkdtemp(join(tmpdir(), 'ddbcdc-model-'));
  try {
    const outfile = join(folder, 'model.mjs');
    const { outputFiles } = await runBuild({
      entryPoints: [file.path],
      outfile,
      bundle: true,
      sourcemap: 'external',
      plugins: [ownModelPlugin(pathToFileURL(OWN_MODEL).href, true)],
    }).catch((error: unknown) => {
      throw buildError(file, error);
    });
    const text = (suffix: string): string =>
      outputFiles.find((output) => output.path.endsWith(suffix))?.text ?? '';
    await writeFile(outfile, text('model.mjs'));
    return modelOf(await importDefault(file, outfile, text('.map')), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function modelOf(exported: unknown, file: UserFile): LoadedModel {
  if (isModel(exported)) return { model: exported, from: 'model' };
  if (!isStandardSchema(exported)) {
    throw noDefaultExport(file, `its default export is ${described(exported)}`);
  }
  try {
    return { model: fromSchema(exported), from: 'schema' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('model.unusable', `${shown(file.path)} cannot be used as a model: ${reason}`, {
      exitCode: EXIT.precondition,
      cause: error,
    });
  }
}

// Told by shape, not by class: the model may have been made by another copy of ddbcdc, or by hand.
function isModel(value: unknown): value is Model {
  return (
    typeof value === 'object' &&
    value !== null &&
    // Schemas of validation libraries have `parse`, and may have `decode`, both with another meaning.
    !('~standard' in value) &&
    'decode' in value &&
    typeof value.decode === 'function' &&
    'parse' in value &&
    typeof value.parse === 'function'
  );
}

type StandardSchema = Parameters<typeof fromSchema>[0];

function isStandardSchema(value: unknown): value is StandardSchema {
  // arktype's schemas are functions. What is behind the key is for `fromSchema` to judge.
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value
  );
}

async function importDefault(file: UserFile, outfile: string, map: string): Promise<unknown> {
  try {
    // A module namespace, of which the type says nothing.
    const loaded = (await import(pathToFileURL(outfile).href)) as { readonly default?: unknown };
    return loaded.default;
  } catch (error) {
    const missing = missingExport(error);
    if (missing !== undefined) {
      throw new CliError(
        'model.buildFailed',
        `the model does not compile: ${shown(file.path)}: ddbcdc has no export named ${missing} for models and handlers`,
        { exitCode: EXIT.precondition, cause: error },
      );
    }
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const where = originOf(error, outfile, map) ?? shown(file.path);
    throw new CliError('model.threw', `the model failed while it was loaded: ${where}: ${cause}`, {
      exitCode: EXIT.precondition,
      cause: error,
      hint: 'a model file must only define a model: it is also run inside the Lambda',
    });
  }
}

/** The name that the file imports from `ddbcdc` in vain: known only when Node links the two. */
function missingExport(error: unknown): string | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  return /does not provide an export named '([^']+)'/.exec(error.message)?.[1];
}

/** `file:line:column` in the user's source, of the innermost stack frame that lies in the bundled file. */
function originOf(error: unknown, outfile: string, map: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.lastIndexOf(outfile, stack.indexOf(outfile));
  const [, line, column] = /^:(\d+):(\d+)/.exec(at < 0 ? '' : stack.slice(at + outfile.length)) ?? [];
  if (line === undefined || column === undefined) return undefined;
  // Both count from 0 here and from 1 in stacks. The payload is esbuild's own.
  const entry = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(
    Number(line) - 1,
    Number(column) - 1,
  );
  if (!('originalSource' in entry)) return undefined;
  const source = resolve(dirname(outfile), entry.originalSource);
  return `${shown(source)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

function described(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
