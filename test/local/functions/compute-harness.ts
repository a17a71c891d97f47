// Compute services over a real socket, with real SDK clients, and zips made in the test.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CreateFunctionCommand, type CreateFunctionCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { openComputeServices } from '../../../src/local/functions/open.js';
import type { EngineContext, EngineService } from '../../../src/local/service.js';
import type { StreamSource } from '../../../src/local/stream-source.js';
import { FakeStreamSource } from '../mappings/fake-stream-source.js';

export const ROLE = 'arn:aws:iam::000000000000:role/test';

export interface Harness {
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly context: EngineContext;
  readonly logLines: readonly string[];
  /** Stops the services and opens them again on the same data, as a restart of the engine does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startHarness(source: StreamSource = new FakeStreamSource()): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-compute-'));
  const logLines: string[] = [];
  const context: EngineContext = {
    dataDir,
    region: 'us-east-1',
    accountId: '000000000000',
    now: Date.now,
    log: (line) => logLines.push(line),
  };
  let services = await openComputeServices(context, source);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const operation = request.headers['x-amz-target'];
      const service: EngineService = operation === undefined ? services.lambda : services.logs;
      service
        .handle({
          ...(typeof operation === 'string' ? { operation: operation.split('.')[1] ?? '' } : {}),
          method: request.method ?? 'GET',
          path: url.pathname,
          query: url.searchParams,
          headers: request.headers as Record<string, string>,
          body: Buffer.concat(chunks),
          signal: new AbortController().signal,
        })
        .then(({ status, headers, body }) => {
          response.writeHead(status, headers);
          if (body === undefined) response.end();
          else
            response.end(
              body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
            );
        })
        .catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const lambda = new LambdaClient(client);
  const logs = new CloudWatchLogsClient(client);
  return {
    lambda,
    logs,
    context,
    logLines,
    async restart() {
      await services.close();
      services = await openComputeServices(context, source);
    },
    async close() {
      await services.close();
      lambda.destroy();
      logs.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface ZipFile {
  readonly data: string | Uint8Array;
  readonly mode?: number;
  readonly stored?: boolean;
  /** Overrides the size in the headers, as a zip bomb does. */
  readonly claimedSize?: number;
}

/** A zip of the given paths. */
export function makeZip(files: Readonly<Record<string, string | ZipFile>>): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, file] of Object.entries(files)) {
    const {
      data,
      mode = 0o100644,
      stored = false,
      claimedSize,
    } = typeof file === 'string' ? { data: file } : file;
    const name = Buffer.from(path);
    const raw = Buffer.from(data);
    const body = stored ? raw : deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(claimedSize ?? raw.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

/** Creates a function from CommonJS source that sets `exports.handler`. */
export async function createFunction(
  harness: Harness,
  code: string | Uint8Array,
  overrides: Partial<CreateFunctionCommandInput> = {},
): Promise<string> {
  const input: CreateFunctionCommandInput = {
    FunctionName: 'worker',
    Role: ROLE,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Architectures: ['arm64'],
    MemorySize: 256,
    Timeout: 30,
    Code: { ZipFile: typeof code === 'string' ? makeZip({ 'index.js': code }) : code },
    ...overrides,
  };
  const { FunctionArn } = await harness.lambda.send(new CreateFunctionCommand(input));
  return FunctionArn ?? '';
}
