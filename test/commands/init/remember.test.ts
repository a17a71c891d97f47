import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Made, rememberStack } from '../../../src/commands/init/remember.js';
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

async function remembered(before: Config, flags: InitFlags, made: Made = {}): Promise<unknown> {
  const path = join(cwd, 'ddbcdc.json');
  await writeFile(path, JSON.stringify(before));
  const loaded = await loadConfig(cwd);
  await rememberStack(loaded, flags, parseStackFlags(flags, loaded.config), made);
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

it('knows the table that was adopted by its name, and forgets it for one that was made', async () => {
  const flags = { table: 'Theirs', function: false } as const;
  const adopted = { table: 'Theirs', adopted: 'Theirs' };
  expect(await remembered({}, flags, { isAdopted: true })).toStrictEqual(adopted);
  expect(await remembered(adopted, flags)).toStrictEqual({ table: 'Theirs' });
});
