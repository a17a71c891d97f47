// Finds and loads the user's handler as Lambda's Node runtime does: `folder/file.export`, the file with its own or
// one of three extensions, CommonJS or ES module by extension and by the nearest package.json.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (
  event: unknown,
  context: unknown,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

/** An error whose type Lambda names, such as `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = errorType;
  }
}

/** Throws RuntimeError, or what the user's module throws while it loads. */
export async function loadHandler(taskRoot: string, handler: string): Promise<Handler> {
  if (handler.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = basename(handler);
  const dot = file.indexOf('.');
  if (dot === -1) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const moduleName = join(dirname(handler), file.slice(0, dot));
  const module = await loadModule(taskRoot, moduleName);
  const found = lookUp(module, file.slice(dot + 1).split('.'));
  if (found === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  }
  // A cast at a parsing boundary: user code is called as Lambda calls it.
  return found as Handler;
}

async function loadModule(taskRoot: string, name: string): Promise<unknown> {
  const base = resolve(taskRoot, name);
  const path = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
  if (path === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
  }
  try {
    if (isEsModule(path, taskRoot)) return await import(pathToFileURL(path).href);
    return createRequire(path)(path) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error), { cause: error });
    }
    if (error instanceof Error && 'code' in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code))) {
      throw new RuntimeError('Runtime.ImportModuleError', String(error), { cause: error });
    }
    throw error;
  }
}

function isEsModule(path: string, taskRoot: string): boolean {
  const extension = extname(path);
  if (extension === '.mjs') return true;
  if (extension === '.cjs') return false;
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    const packageFile = join(dir, 'package.json');
    if (existsSync(packageFile)) {
      const parsed: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
      return typeof parsed === 'object' && parsed !== null && 'type' in parsed && parsed.type === 'module';
    }
    if (dir === resolve(taskRoot) || dir === dirname(dir)) return false;
  }
}

function lookUp(module: unknown, path: readonly string[]): unknown {
  let value = module;
  for (const name of path) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
