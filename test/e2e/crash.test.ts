// The engine killed while it is written to: what was acknowledged is in the table and in the stream, exactly once.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { sampleItem } from '../../src/seed/items.js';
import { seedItems } from '../../src/seed/write.js';
import { parseDocument, parseLines, runBin, temporaryProject } from '../helpers/run-bin.js';

const COUNT = 5_000;

it('loses nothing that was acknowledged when the engine is killed while seeding', async () => {
  await using project = await temporaryProject();
  const cwd = project.folder;
  expect(await runBin(['init', '--yes', '--no-function', '--json'], { cwd })).toMatchObject({ exitCode: 0 });
  const exports = parseDocument(await runBin(['local', 'env', '--json'], { cwd }));
  const env = exports.set as Record<string, string>;
  const { pid, endpoint } = parseDocument(await runBin(['local', 'status', '--json'], { cwd })) as {
    pid: number;
    endpoint: string;
  };
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: 1,
  });
  // The seed goes on across the restart: what it reports as written was acknowledged before or after the kill.
  let restarted: Promise<unknown> | undefined;
  const seeded = await seedItems({
    dynamodb: client,
    table: 'SampleStreamTable',
    count: COUNT,
    concurrency: 8,
    makeItem: (i) => sampleItem(i, []),
    signal: new AbortController().signal,
    onProgress: ({ written }) => {
      if (written < COUNT / 3 || restarted !== undefined) return;
      process.kill(pid, 'SIGKILL');
      restarted = runBin(['local', 'start', '--json'], { cwd });
    },
  });
  await restarted;
  expect(seeded).toMatchObject({ written: COUNT, failed: 0 });
  expect(seeded.retried).toBeGreaterThan(0);

  const everyId = Array.from({ length: COUNT }, (_, i) => i);
  const inTable: number[] = [];
  let from: Record<string, never> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: 'SampleStreamTable',
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    inTable.push(...(page.Items ?? []).map((item) => Number(item.Id?.N)));
    from = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (from !== undefined);
  client.destroy();
  expect(inTable.toSorted((a, b) => a - b)).toStrictEqual(everyId);

  const lines = parseLines(
    await runBin(['tail', '--from', 'trim-horizon', '--expect', String(COUNT), '--for', '60s', '--json'], {
      cwd,
    }),
  );
  const inStream = lines
    .filter((line) => line.type === 'change')
    .map((line) => (line.keys as { Id: number }).Id);
  expect(inStream.toSorted((a, b) => a - b)).toStrictEqual(everyId);
  expect(lines.at(-1)).toMatchObject({ type: 'end', records: COUNT, duplicates: 0, gaps: 0 });
});
