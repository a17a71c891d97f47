import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rememberStack } from '../../../src/commands/init/remember.js';
import type { InitFlags } from '../../../src/commands/init.js';
import { type Config, loadConfig } from '../../../src/config.js';
import { parseStackFlags } from '../../../src/provision/desired.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddbcdc-remember-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

async function remembered(before: Config, flags: InitFlags): Promise<unknown> {
  const path = join(cwd, 'ddbcdc.json');
  await writeFile(path, JSON.stringify(before));
  const loaded = await loadConfig(cwd);
  await rememberStack(loaded, flags, parseStackFlags(flags, loaded.config), {});
  return JSON.parse(await readFile(path, 'utf8'));
}

const ORDERS = { table: 'Orders', function: 'on-order', partitionKey: 'OrderId:S', viewType: 'OLD_IMAGE' };

it('forgets the keys and the function of one table when another takes its place', async () => {
  const before = { ...ORDERS, target: 'local', model: './order.ts' };
  expect(await remembered(before, { table: 'Plain', function: false })).toStrictEqual({
    table: 'Plain',
    target: 'local',
    model: './order.ts',
  });
});

it('keeps what it knows of the same table', async () => {
  expect(await remembered(ORDERS, { function: false })).toStrictEqual(ORDERS);
  const { table: _, ...withoutTable } = ORDERS;
  expect(await remembered(withoutTable, { table: 'Orders', function: false })).toStrictEqual({
    ...withoutTable,
    table: 'Orders',
  });
});
