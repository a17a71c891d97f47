import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourcePosition } from '../../../src/local/stream-source.js';
import { type DataServices, openDataServices } from '../../../src/local/tables/open.js';
import type { AttributeMap, StreamRecord } from '../../../src/model/wire.js';
import { compiledFile } from '../../../src/package-files.js';
import { call } from './harness.js';

const OPEN_MODULE = compiledFile('local/tables/open.js');
const WRITER = fileURLToPath(new URL('./crash-writer.mjs', import.meta.url));
const KILLS = 5;
const LINES_BEFORE_KILL = 400;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ddbcdc-crash-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Lets a writer work until it has acknowledged enough, kills it, and returns its whole lines. */
async function writeUntilKilled(round: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [WRITER, OPEN_MODULE, dataDir, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  writer.stdout.setEncoding('utf8');
  writer.stdout.on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > LINES_BEFORE_KILL + round * 37) writer.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => writer.on('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return text.split('\n').slice(0, -1);
}

function open(): Promise<DataServices> {
  return openDataServices({
    dataDir,
    region: 'us-east-1',
    accountId: '123456789012',
    now: Date.now,
    log: () => {},
  });
}

async function readTable(services: DataServices): Promise<ReadonlyMap<string, string>> {
  const answer = await call(services.dynamodb, 'Scan', { TableName: 'Crash' });
  const { Items } = JSON.parse(String(answer.body)) as { Items: { Id: { N: string }; V: { S: string } }[] };
  return new Map(Items.map((item) => [item.Id.N, item.V.S]));
}

async function readRecords(services: DataServices): Promise<readonly StreamRecord[]> {
  const answer = await call(services.dynamodb, 'DescribeTable', { TableName: 'Crash' });
  const { Table } = answer.body as { Table: { LatestStreamArn: string } };
  const { shards } = (await services.source.describe(Table.LatestStreamArn)) ?? { shards: [] };
  const records: StreamRecord[] = [];
  for (const { shardId } of shards) {
    let from: SourcePosition = { type: 'TRIM_HORIZON' };
    for (;;) {
      const page = await services.source.read(Table.LatestStreamArn, shardId, from, 1_000);
      const last = page.records.at(-1)?.dynamodb?.SequenceNumber;
      if (last === undefined) break;
      records.push(...page.records);
      from = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last };
    }
  }
  return records;
}

function textOf(image: AttributeMap | undefined, name: 'Id' | 'V'): string | undefined {
  const value = image?.[name];
  if (value === undefined) return undefined;
  return 'N' in value ? value.N : 'S' in value ? value.S : undefined;
}

test('every acknowledged write is in the table and once in the stream, in order, after each kill', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    acknowledged.push(...(await writeUntilKilled(round)));
    const services = await open();
    const table = await readTable(services);
    const records = await readRecords(services);

    // Replaying the stream gives the table, and each old image is what the stream said before.
    const replayed = new Map<string, string>();
    const history = new Map<string, string[]>();
    for (const { dynamodb } of records) {
      const id = textOf(dynamodb?.Keys, 'Id') ?? '';
      expect(textOf(dynamodb?.OldImage, 'V')).toBe(replayed.get(id));
      const value = textOf(dynamodb?.NewImage, 'V');
      if (value === undefined) replayed.delete(id);
      else replayed.set(id, value);
      history.set(id, [...(history.get(id) ?? []), value ?? '-']);
    }
    expect(new Map([...replayed].sort())).toStrictEqual(new Map([...table].sort()));
    const sequences = records.map((record) => BigInt(record.dynamodb?.SequenceNumber ?? 0));
    expect(sequences).toStrictEqual([...sequences].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(records.map((record) => record.eventID)).size).toBe(records.length);

    // Each acknowledged write has one record; per item they come in the order of acknowledgement. Values are
    // unique, so a value that shows up once was written once. A removal of nothing makes no record.
    for (const id of new Set(acknowledged.map((line) => line.split(' ')[0] ?? ''))) {
      const values = history.get(id) ?? [];
      const mine = acknowledged.filter((line) => line.startsWith(`${id} `)).map((line) => line.split(' ')[1]);
      const puts = values.filter((value) => value !== '-');
      expect(new Set(puts).size).toBe(puts.length);
      const acknowledgedPuts = new Set(mine);
      expect(puts.filter((value) => acknowledgedPuts.has(value))).toStrictEqual(
        mine.filter((value) => value !== '-'),
      );
    }
    const described = await call(services.dynamodb, 'DescribeTable', { TableName: 'Crash' });
    expect(described.body).toMatchObject({ Table: { TableStatus: 'ACTIVE', ItemCount: table.size } });
    await services.close();
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS * LINES_BEFORE_KILL);
}, 60_000);
