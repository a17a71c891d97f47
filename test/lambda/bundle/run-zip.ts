// Runs a bundle as Lambda would: its one file taken out of the zip, in a process of its own.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../../src/lambda/bundle/index.js';
import type { StreamBatch } from '../../../src/lambda/handler/types.js';
import { userFolder } from './folder.js';
import { readStoredZip } from './read-stored-zip.js';

export interface ZipRun {
  readonly exitCode: number | null;
  readonly response: unknown;
  readonly lines: Record<string, unknown>[];
  readonly stderr: string;
}

const MAIN = `
import { readFileSync } from 'node:fs';
import { handler } from './index.mjs';
const event = JSON.parse(readFileSync(0, 'utf8'));
const context = { awsRequestId: '3604209a-e9a3-11e6-939a-754dd98c7be3', functionName: 'f' };
const response = await handler(event, context);
process.stdout.write(JSON.stringify({ response }) + '\\n');
`;

export async function runZip(bundle: Bundle, event: StreamBatch): Promise<ZipRun> {
  const files = readStoredZip(bundle.zip);
  const folder = await userFolder({});
  for (const { name, data } of files) await writeFile(join(folder, name), data);
  await writeFile(join(folder, 'main.mjs'), MAIN);
  const child = spawn(process.execPath, ['main.mjs'], { cwd: folder });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.stderr += chunk;
  });
  child.stdin.end(JSON.stringify(event));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = text.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { exitCode, response: lines.pop()?.response, lines, stderr: text.stderr };
}
