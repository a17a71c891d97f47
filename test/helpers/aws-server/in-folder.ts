// For commands that run against an AwsServer: the server, an empty folder, and credentials, anew for each test of a file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { type AwsServer, startAwsServer } from './server.js';

export interface ServerAndFolder {
  readonly server: AwsServer;
  readonly cwd: string;
}

/** To be called once, at the top of a test file; what it gives is of the test that runs. */
export function useAwsServerInFolder(): ServerAndFolder {
  let server: AwsServer;
  let cwd: string;
  beforeEach(async () => {
    // The SDK looks for credentials in the process itself.
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    server = await startAwsServer();
    cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-aws-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server[Symbol.asyncDispose]();
    await rm(cwd, { recursive: true, force: true });
  });
  return {
    get server() {
      return server;
    },
    get cwd() {
      return cwd;
    },
  };
}
