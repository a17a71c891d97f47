import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFunction, type Harness, makeZip, ROLE, startHarness } from './compute-harness.js';

const ECHO = `exports.handler = async (event) => event;`;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

async function run(FunctionName: string): Promise<string> {
  const { Payload } = await harness.lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from('"x"') }),
  );
  return Buffer.from(Payload ?? []).toString();
}

const without = (value: object): unknown => {
  const { $metadata: _, ...rest } = value as { $metadata?: unknown };
  return rest;
};

describe('the functions API', () => {
  it('shows a function as AWS does, after a restart too', async () => {
    const zip = makeZip({ 'index.js': ECHO });
    await createFunction(harness, zip, {
      Description: 'd',
      Environment: { Variables: { MODE: 'x' } },
      Tags: { stack: 's' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
    await harness.restart();
    const { Configuration, Tags } = await harness.lambda.send(
      new GetFunctionCommand({ FunctionName: 'worker' }),
    );
    expect(Tags).toStrictEqual({ stack: 's' });
    expect(Configuration).toStrictEqual({
      FunctionName: 'worker',
      FunctionArn: ARN,
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'index.handler',
      CodeSize: zip.length,
      Description: 'd',
      Timeout: 30,
      MemorySize: 256,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      Version: '$LATEST',
      Environment: { Variables: { MODE: 'x' } },
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: expect.any(String),
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: ['arm64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: {
        LogFormat: 'JSON',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'INFO',
        LogGroup: '/aws/lambda/worker',
      },
    });
  });

  it('takes every form of a function name', async () => {
    await createFunction(harness, ECHO);
    for (const name of [
      'worker',
      'worker:$LATEST',
      '000000000000:function:worker',
      'function:worker',
      ARN,
      `${ARN}:$LATEST`,
    ]) {
      expect(await run(name)).toBe('"x"');
    }
    const { FunctionArn } = await harness.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'worker', Qualifier: '$LATEST' }),
    );
    expect(FunctionArn).toBe(`${ARN}:$LATEST`);
    for (const name of ['other', 'worker:7', 'arn:aws:lambda:eu-west-1:000000000000:function:worker']) {
      await expect(run(name)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        $metadata: { httpStatusCode: 404 },
      });
    }
  });

  it.each([
    ['Python', { Runtime: 'python3.12' }, 'InvalidParameterValueException'],
    ['too little memory', { MemorySize: 64 }, 'InvalidParameterValueException'],
    ['too long a time-out', { Timeout: 901 }, 'InvalidParameterValueException'],
    ['a role that is no ARN', { Role: 'me' }, 'InvalidParameterValueException'],
    ['a broken zip', { Code: { ZipFile: Buffer.from('nope') } }, 'InvalidParameterValueException'],
    ['code in S3', { Code: { S3Bucket: 'bucket', S3Key: 'k' } }, 'InvalidParameterValueException'],
    [
      'reserved variables',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
    ],
    ['a bad name', { FunctionName: 'no spaces' }, 'ValidationException'],
    ['publishing', { Publish: true }, 'InvalidParameterValueException'],
    [
      'layers',
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:l:1'] },
      'InvalidParameterValueException',
    ],
  ])('refuses %s', async (_what, overrides, name) => {
    await expect(createFunction(harness, ECHO, overrides as object)).rejects.toMatchObject({ name });
    const { Functions } = await harness.lambda.send(new ListFunctionsCommand());
    expect(Functions).toStrictEqual([]);
  });

  it('refuses a second function of the same name', async () => {
    await createFunction(harness, ECHO);
    await expect(createFunction(harness, ECHO)).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: worker',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('runs new code and configuration at the next event, and removes the old code', async () => {
    await createFunction(harness, `exports.handler = async () => 'old' + process.env.MODE;`);
    expect(await run('worker')).toBe('"oldundefined"');
    const updated = await harness.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: 'worker',
        ZipFile: makeZip({ 'index.js': `exports.handler = async () => 'new' + process.env.MODE;` }),
      }),
    );
    expect(await run('worker')).toBe('"newundefined"');
    await harness.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'worker',
        RevisionId: updated.RevisionId,
        MemorySize: 512,
        Environment: { Variables: { MODE: '2' } },
      }),
    );
    expect(await run('worker')).toBe('"new2"');
    const { Runtime, MemorySize, Timeout } = await harness.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'worker' }),
    );
    expect({ Runtime, MemorySize, Timeout }).toStrictEqual({
      Runtime: 'nodejs22.x',
      MemorySize: 512,
      Timeout: 30,
    });
    await expect.poll(() => readdir(join(harness.context.dataDir, 'functions', 'worker'))).toHaveLength(3);
  });

  it('refuses an update on top of another one', async () => {
    await createFunction(harness, ECHO);
    await expect(
      harness.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: 'worker', RevisionId: 'old', Timeout: 5 }),
      ),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
  });

  it('changes nothing in a dry run', async () => {
    await createFunction(harness, ECHO);
    const before = await harness.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'worker' }));
    const dry = await harness.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: 'worker',
        DryRun: true,
        ZipFile: makeZip({ 'a.js': '' }),
      }),
    );
    expect(dry.CodeSha256).not.toBe(before.CodeSha256);
    const after = await harness.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'worker' }));
    expect(without(after)).toStrictEqual(without(before));
  });

  it('lists in pages, and forgets a deleted function', async () => {
    for (const FunctionName of ['b', 'a', 'B']) await createFunction(harness, ECHO, { FunctionName });
    const first = await harness.lambda.send(new ListFunctionsCommand({ MaxItems: 2 }));
    const second = await harness.lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect(
      [...(first.Functions ?? []), ...(second.Functions ?? [])].map((each) => each.FunctionName),
    ).toStrictEqual(['B', 'a', 'b']);
    expect(second.NextMarker).toBeUndefined();
    await harness.lambda.send(new DeleteFunctionCommand({ FunctionName: 'a' }));
    await harness.restart();
    await expect(run('a')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await run('B')).toBe('"x"');
  });

  it('makes a function of the same name again at once, as often as one likes', async () => {
    for (let again = 0; again < 8; again += 1) {
      await createFunction(harness, ECHO);
      expect(await run('worker')).toBe('"x"');
      await harness.lambda.send(new DeleteFunctionCommand({ FunctionName: 'worker' }));
    }
    await expect.poll(() => readdir(join(harness.context.dataDir, 'functions'))).toStrictEqual([]);
  });

  it('keeps tags apart from the configuration', async () => {
    await createFunction(harness, ECHO);
    await harness.lambda.send(new TagResourceCommand({ Resource: ARN, Tags: { a: '1', b: '2' } }));
    await harness.lambda.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ['a'] }));
    await harness.restart();
    const { Tags } = await harness.lambda.send(new ListTagsCommand({ Resource: ARN }));
    expect(Tags).toStrictEqual({ b: '2' });
    await expect(harness.lambda.send(new ListTagsCommand({ Resource: `${ARN}x` }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('throttles at the reserved concurrency', async () => {
    await createFunction(harness, ECHO);
    await harness.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 0 }),
    );
    await expect(run('worker')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    await harness.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'worker' }));
    const { ReservedConcurrentExecutions } = await harness.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: 'worker' }),
    );
    expect(ReservedConcurrentExecutions).toBeUndefined();
    expect(await run('worker')).toBe('"x"');
  });

  it('says clearly that there are no versions', async () => {
    await createFunction(harness, ECHO);
    await expect(harness.lambda.send(new PublishVersionCommand({ FunctionName: 'worker' }))).rejects.toThrow(
      'publishing is not supported',
    );
  });

  it('lets one of two creations at once win', async () => {
    const create = (): Promise<unknown> =>
      harness.lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'twin',
          Role: ROLE,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Code: { ZipFile: makeZip({ 'index.js': ECHO }) },
        }),
      );
    const results = await Promise.allSettled([create(), create()]);
    expect(results.map(({ status }) => status).sort()).toStrictEqual(['fulfilled', 'rejected']);
    expect(await run('twin')).toBe('"x"');
  });
});
