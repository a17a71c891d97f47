// The zip that `init` deploys: this package's handler with the user's model and handler, minified by esbuild.
// The same input gives the same bytes on every machine, so that an unchanged function is known by its hash.
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { compiledFile } from '../../package-files.js';
import { OWN_MODEL, ownModelPlugin, runBuild, runtimeSdkPlugin } from './esbuild.js';
import { type LoadedModel, loadModelFile } from './load-model.js';
import { buildError, checkUserFile, type UserFile } from './user-file.js';
import { storedZip } from './zip.js';

export { loadUserModel } from './load-model.js';

export interface BundleOptions {
  /** A file with a model as its default export. Without it: the sample model, or generic decoding. */
  readonly modelPath?: string;
  /** A file with the user's own consumer (`ChangeHandler`) as its default export. */
  readonly handlerPath?: string;
}

export interface Bundle {
  /** The one file in the zip, `index.mjs`. */
  readonly code: string;
  readonly zip: Uint8Array;
  readonly codeBytes: number;
  readonly zipBytes: number;
  /** Base64 of the zip's SHA-256: what Lambda reports as `CodeSha256`. */
  readonly codeSha256: string;
  readonly handler: 'index.handler';
  readonly runtime: 'nodejs24.x';
}

/** An ES module, so that user files may await at top level; Lambda finds `index.handler` in it by its extension. */
const CODE_FILE = 'index.mjs';

// CommonJS packages in the bundle may call require for Node's own modules, which an ES module does not have.
const REQUIRE_SHIM = 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);';

/**
 * Bundles the handler. Runs the model file, as a model that throws must not be deployed, but not the handler file.
 * Throws the errors of `loadUserModel`, and `handler.notFound`, `handler.buildFailed`, `handler.noDefaultExport`.
 */
export async function bundleHandler(options: BundleOptions = {}): Promise<Bundle> {
  const { modelPath, handlerPath } = options;
  const model = modelPath === undefined ? undefined : await modelPart(modelPath);
  const handler = handlerPath === undefined ? undefined : await checkUserFile('handler', handlerPath);
  const code = await bundledCode(model, handler);
  const codeBytes = Buffer.from(code, 'utf8');
  const zip = storedZip([{ name: CODE_FILE, data: codeBytes }]);
  return {
    code,
    zip,
    codeBytes: codeBytes.length,
    zipBytes: zip.length,
    codeSha256: createHash('sha256').update(zip).digest('base64'),
    handler: 'index.handler',
    runtime: 'nodejs24.x',
  };
}

interface ModelPart extends UserFile {
  readonly from: LoadedModel['from'];
}

async function modelPart(path: string): Promise<ModelPart> {
  const { from } = await loadModelFile(path);
  return { kind: 'model', path: resolve(path), from };
}

async function bundledCode(model: ModelPart | undefined, handler: UserFile | undefined): Promise<string> {
  const { outputFiles } = await runBuild({
    stdin: {
      contents: entrySource(model, handler),
      resolveDir: dirname(OWN_MODEL),
      sourcefile: 'ddbcdc-entry.js',
      loader: 'js',
    },
    bundle: true,
    minify: true,
    // A user's functions and classes keep their names: they are what makes a stack trace in a log readable.
    keepNames: handler !== undefined,
    // The ES module build of a dependency, where there is one, leaves out what is not used.
    mainFields: ['module', 'main'],
    plugins: [ownModelPlugin(OWN_MODEL, false), runtimeSdkPlugin],
  }).catch((error: unknown) => {
    throw buildError(blamed(model, handler), error);
  });
  const code = outputFiles[0]?.text ?? '';
  return code.includes('Dynamic require of') ? REQUIRE_SHIM + code : code;
}

/** The module that ties the parts together; paths are absolute, and none of them reaches the output. */
function entrySource(model: ModelPart | undefined, handler: UserFile | undefined): string {
  const importFrom = (path: string, names: string): string => `import ${names} from ${JSON.stringify(path)};`;
  const importOwn = (file: string, names: string): string =>
    importFrom(compiledFile(`lambda/handler/${file}`), names);
  const lines = [importOwn('index.js', '{ createHandler }')];
  const options = ['modelFor'];
  if (model === undefined) {
    lines.push(importOwn('sample.js', '{ sampleModelFor as modelFor }'));
  } else {
    lines.push(importFrom(model.path, 'exported'));
    // Only schemas need the code that adapts them.
    if (model.from === 'schema') lines.push(importFrom(OWN_MODEL, '{ fromSchema }'));
    const made = model.from === 'schema' ? 'fromSchema(exported)' : 'exported';
    lines.push(`const model = ${made};`, 'const modelFor = () => model;');
  }
  if (handler !== undefined) {
    lines.push(importOwn('user-code.js', '{ consumerFrom }'), importFrom(handler.path, 'onChanges'));
    options.push('consume: consumerFrom(onChanges)');
  }
  return [...lines, `export const handler = createHandler({ ${options.join(', ')} });`].join('\n');
}

/** Which user file a failed build is about. The model alone compiled before, so a handler is the likelier cause. */
function blamed(model: UserFile | undefined, handler: UserFile | undefined): UserFile {
  return handler ?? model ?? { kind: 'handler', path: compiledFile('lambda/handler/index.js') };
}
