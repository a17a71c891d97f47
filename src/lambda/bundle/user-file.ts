// A file of the user's, a model or a handler: is it there, does it compile, has it a default export. Says what is wrong
// with file, line, column and cause.
import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { BuildFailure, Message } from 'esbuild';
import { CliError, EXIT } from '../../errors.js';
import { OWN_MODEL, runBuild } from './esbuild.js';

/** `model` or `handler`: the first part of the error codes, and the word in the messages. */
export type UserFileKind = 'model' | 'handler';

export interface UserFile {
  readonly kind: UserFileKind;
  /** Absolute. */
  readonly path: string;
}

const EXPECTED: Readonly<Record<UserFileKind, string>> = {
  model: 'a model, such as `export default defineModel({ … })`',
  handler: 'a function, such as `export default async function onChange(changes, context) { … }`',
};

/**
 * Checks that the file exists, parses and has a default export, without running it.
 * Throws `<kind>.notFound`, `<kind>.buildFailed`, `<kind>.noDefaultExport`.
 */
export async function checkUserFile(kind: UserFileKind, path: string): Promise<UserFile> {
  const file: UserFile = { kind, path: resolve(path) };
  const found = await stat(file.path).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new CliError(
      `${kind}.notFound`,
      `${shown(file.path)} is not a file, so there is no ${kind} to load`,
      {
        exitCode: EXIT.precondition,
        hint: `give the path of a TypeScript or JavaScript file: --${kind} ./${kind}.ts`,
      },
    );
  }
  const { metafile } = await runBuild({ entryPoints: [file.path], bundle: false, outdir: '/' }).catch(
    (error: unknown) => {
      throw buildError(file, error);
    },
  );
  const [output] = Object.values(metafile.outputs);
  const [input] = Object.values(metafile.inputs);
  // A CommonJS file exports what it likes: that is seen when it runs.
  if (input?.format === 'esm' && output?.exports.includes('default') !== true) {
    throw noDefaultExport(file, 'it has no default export');
  }
  return file;
}

/** The error of a file whose default export is missing or is something else. */
export function noDefaultExport(file: UserFile, found: string): CliError {
  return new CliError(
    `${file.kind}.noDefaultExport`,
    `${shown(file.path)} does not export a ${file.kind}: ${found}`,
    { exitCode: EXIT.precondition, hint: `make its default export ${EXPECTED[file.kind]}` },
  );
}

/** An esbuild failure as `<kind>.buildFailed`, naming file, line, column and cause; another error as it is. */
export function buildError(file: UserFile, error: unknown): unknown {
  if (!isBuildFailure(error)) return error;
  const [first, ...others] = error.errors;
  if (first === undefined) return error;
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'error' : 'errors'})`;
  const missing = /^Could not resolve "([^"./][^"]*)"/.exec(first.text)?.[1];
  return new CliError(
    `${file.kind}.buildFailed`,
    `the ${file.kind} does not compile: ${place(first, file)}: ${causeOf(first)}${more}`,
    {
      exitCode: EXIT.precondition,
      cause: error,
      ...(missing === undefined
        ? {}
        : { hint: `install it where the file is: npm install ${packageOf(missing)}` }),
    },
  );
}

/** esbuild's words, but for an import from `ddbcdc`, where they would name a file of this package. */
function causeOf({ text }: Message): string {
  const [, path = '', name] = /^No matching export in "(.+)" for import "(.+)"$/.exec(text) ?? [];
  return resolve(path) === OWN_MODEL ? `ddbcdc has no export named ${name} for models and handlers` : text;
}

/** A path as the user would write it: relative to the working directory when it is inside. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || short === '' ? path : short;
}

function place(message: Message, file: UserFile): string {
  const { location } = message;
  if (location === null) return shown(file.path);
  // esbuild counts columns from 0, editors from 1.
  return `${shown(resolve(location.file))}:${location.line}:${location.column + 1}`;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
