// The Lambda API's operations on functions, apart from running them.
import { randomUUID } from 'node:crypto';
import { type EngineContext, type EngineResponse, ServiceError } from '../service.js';
import { FieldReader, parseBody } from './fields.js';
import { functionArn, functionNotFound, parseFunctionName } from './function-name.js';
import { type FunctionRecord, toConfiguration } from './function-record.js';
import { readArchitectures, readSettings } from './function-settings.js';
import { describeCode, type FunctionStore, unzip } from './function-store.js';
import type { Invoker } from './invoker.js';
import { json, NO_CONTENT, type RestInput, type Route, route } from './rest.js';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/{FunctionName}`;

export interface FunctionParts {
  readonly context: EngineContext;
  readonly functions: FunctionStore;
  readonly invoker: Invoker;
}

/** The record that a path or query names. Throws ResourceNotFoundException. */
export function findFunction(
  { context, functions }: Pick<FunctionParts, 'context' | 'functions'>,
  nameText: string,
  qualifierText?: string | null,
): { readonly record: FunctionRecord; readonly qualifier: string | undefined } {
  const { name, qualifier } = parseFunctionName(context, nameText, qualifierText ?? undefined);
  const record = functions.get(name);
  const arn = functionArn(context, name);
  if (record === undefined) throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
  if (qualifier !== undefined && qualifier !== '$LATEST') throw functionNotFound(`${arn}:${qualifier}`);
  return { record, qualifier };
}

export function functionRoutes(parts: FunctionParts): readonly Route[] {
  const { context, functions, invoker } = parts;
  /** Functions being changed: a second change at the same time is refused, as Lambda does. */
  const changing = new Set<string>();
  /** Functions whose old code is being removed: a change waits for it. */
  const removing = new Map<string, Promise<void>>();

  const find = ({ path, request }: RestInput): ReturnType<typeof findFunction> =>
    findFunction(parts, path.FunctionName ?? '', request.query.get('Qualifier'));

  async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (changing.has(name)) {
      throw conflict(
        'The operation cannot be performed at this time. An update is in progress for resource: ' +
          functionArn(context, name),
      );
    }
    changing.add(name);
    try {
      await removing.get(name);
      return await work();
    } finally {
      changing.delete(name);
      // Running invocations may end, as on AWS; the answer does not wait for them.
      recycle(name).catch((error: unknown) =>
        context.log(`cannot remove old code of function ${name}: ${String(error)}`),
      );
    }
  }

  /** Ends warm children of what was before the change; its code stays until no child runs in it. */
  async function recycle(name: string): Promise<void> {
    await invoker.recycle(name);
    // A change under way has code that no record names yet; what is left over goes with the next one.
    if (changing.has(name)) return;
    const removal = functions.removeOldCode(name).finally(() => removing.delete(name));
    removing.set(name, removal);
    await removal;
  }

  async function change(record: FunctionRecord, fields: Partial<FunctionRecord>): Promise<EngineResponse> {
    const changed = { ...record, ...fields, revisionId: randomUUID(), lastModified: context.now() };
    await functions.save(changed);
    return json(200, toConfiguration(changed, context));
  }

  async function create({ request }: RestInput): Promise<EngineResponse> {
    const input = new FieldReader(parseBody(request.body));
    const { name } = parseFunctionName(context, input.requiredText('FunctionName'));
    if (functions.get(name) !== undefined) throw conflict(`Function already exist: ${name}`);
    refusePublish(input);
    if ((input.text('PackageType') ?? 'Zip') !== 'Zip') {
      throw input.invalid('The embedded engine runs functions of PackageType Zip only');
    }
    const settings = readSettings(input, name, undefined);
    const architectures = readArchitectures(input) ?? ['x86_64'];
    const zip = readZipFile(new FieldReader(input.object('Code') ?? {}));
    return exclusively(name, async () => {
      const code = await functions.storeCode(name, zip);
      const record: FunctionRecord = {
        name,
        settings,
        code: { ...code, architectures },
        revisionId: randomUUID(),
        lastModified: context.now(),
        tags: input.textMap('Tags') ?? {},
      };
      await functions.save(record);
      return json(201, toConfiguration(record, context));
    });
  }

  async function updateCode(input: RestInput): Promise<EngineResponse> {
    const { record } = find(input);
    const body = new FieldReader(parseBody(input.request.body));
    refusePublish(body);
    checkRevision(record, body);
    const zip = readZipFile(body);
    const architectures = readArchitectures(body) ?? record.code.architectures;
    if (body.boolean('DryRun') === true) {
      await unzip(zip);
      return json(
        200,
        toConfiguration({ ...record, code: { ...describeCode(zip), architectures } }, context),
      );
    }
    return exclusively(record.name, async () => {
      const code = await functions.storeCode(record.name, zip);
      return change(record, { code: { ...code, architectures } });
    });
  }

  async function updateConfiguration(input: RestInput): Promise<EngineResponse> {
    const { record } = find(input);
    const body = new FieldReader(parseBody(input.request.body));
    checkRevision(record, body);
    const settings = readSettings(body, record.name, record.settings);
    return exclusively(record.name, () => change(record, { settings }));
  }

  async function getFunction(input: RestInput): Promise<EngineResponse> {
    const { record, qualifier } = find(input);
    const tags = Object.keys(record.tags).length === 0 ? {} : { Tags: record.tags };
    return json(200, {
      Configuration: toConfiguration(record, context, qualifier),
      // AWS adds a presigned URL of the zip. There is no object store here, and CodeSha256 tells what the code is.
      Code: { RepositoryType: 'Embedded' },
      ...tags,
      ...(record.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
    });
  }

  async function list({ request }: RestInput): Promise<EngineResponse> {
    const size = Math.min(50, Math.max(1, Number(request.query.get('MaxItems') ?? '50') || 50));
    const after = request.query.get('Marker') ?? '';
    const found = functions.list().filter(({ name }) => name > after);
    const page = found.slice(0, size);
    const qualifier = request.query.get('FunctionVersion') === 'ALL' ? '$LATEST' : undefined;
    return json(200, {
      Functions: page.map((record) => toConfiguration(record, context, qualifier)),
      ...(found.length > size ? { NextMarker: page.at(-1)?.name } : {}),
    });
  }

  async function remove(input: RestInput): Promise<EngineResponse> {
    const { record, qualifier } = find(input);
    if (qualifier === '$LATEST') {
      throw new ServiceError(
        'InvalidParameterValueException',
        '$LATEST version cannot be deleted without deleting the function.',
      );
    }
    await exclusively(record.name, async () => {
      await functions.delete(record.name);
    });
    return NO_CONTENT;
  }

  return [
    route('POST', FUNCTIONS, create),
    route('GET', FUNCTIONS, list),
    route('GET', FUNCTION, getFunction),
    route('DELETE', FUNCTION, remove),
    route('GET', `${FUNCTION}/configuration`, async (input) => {
      const { record, qualifier } = find(input);
      return json(200, toConfiguration(record, context, qualifier));
    }),
    route('PUT', `${FUNCTION}/configuration`, updateConfiguration),
    route('PUT', `${FUNCTION}/code`, updateCode),
    route('GET', `${FUNCTION}/versions`, async (input) =>
      json(200, { Versions: [toConfiguration(find(input).record, context, '$LATEST')] }),
    ),
    route('POST', `${FUNCTION}/versions`, async () => {
      throw new ServiceError('InvalidParameterValueException', NO_VERSIONS);
    }),
    // Terraform and SAM read these of every function.
    route('GET', '/2020-06-30/functions/{FunctionName}/code-signing-config', async (input) =>
      json(200, { FunctionName: find(input).record.name, CodeSigningConfigArn: '' }),
    ),
  ];
}

const NO_VERSIONS = 'The embedded engine has the version $LATEST only; publishing is not supported';

function conflict(message: string): ServiceError {
  return new ServiceError('ResourceConflictException', message, 409, { Type: 'User' });
}

function refusePublish(input: FieldReader): void {
  if (input.boolean('Publish') === true) throw input.invalid(NO_VERSIONS);
}

function checkRevision(record: FunctionRecord, input: FieldReader): void {
  const given = input.text('RevisionId');
  if (given === undefined || given === record.revisionId) return;
  throw new ServiceError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve ' +
      'the latest Revision Id',
    412,
    { Type: 'User' },
  );
}

function readZipFile(code: FieldReader): Uint8Array {
  if (code.has('S3Bucket') || code.has('ImageUri')) {
    throw code.invalid('The embedded engine takes code as ZipFile only, not from S3 or an image');
  }
  const text = code.text('ZipFile');
  if (text === undefined) throw code.invalid('Please provide a source for function code.');
  return Buffer.from(text, 'base64');
}
