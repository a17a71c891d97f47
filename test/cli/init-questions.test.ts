// init's and destroy's questions, answered on a terminal.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.js';
import { type DestroyFlags, runDestroy } from '../../src/commands/destroy.js';
import { askInit } from '../../src/commands/init/questions.js';
import { type InitFlags, runInit } from '../../src/commands/init.js';
import { useAwsServerInFolder } from '../helpers/aws-server/in-folder.js';
import { makeTerminal } from '../ui/make-terminal.js';

const aws = useAwsServerInFolder();

/** A terminal where each question is answered once, by a text that it contains. */
function answering(answers: Readonly<Record<string, string>>) {
  const left = new Map(Object.entries(answers));
  const made = makeTerminal({
    tty: true,
    onWrite: ({ stderr }) => {
      for (const [question, answer] of left) {
        if (!stderr.includes(question)) continue;
        left.delete(question);
        setImmediate(() => made.stdin.write(`${answer}\r`));
      }
    },
  });
  // A prompt ends what it writes to, but for the process's own streams.
  Object.assign(made.terminal.stderr, { end: () => made.terminal.stderr });
  const context: CommandContext = {
    cwd: aws.cwd,
    env: { CI: '' },
    terminal: made.terminal,
    signal: new AbortController().signal,
    now: Date.now,
  };
  return { ...made, context, left };
}

const HERE = (): { endpointUrl: string } => ({ endpointUrl: aws.server.url });

it('leaves everything to the defaults on Enter', async () => {
  const { context, left } = answering({
    'Where?': '',
    Table: '',
    'Partition key': '',
    'Sort key': '',
    'What should the stream show': '',
    'Function (none': '',
  });
  expect(await askInit({}, {}, context)).toStrictEqual({
    table: 'SampleStreamTable',
    function: 'sample-ddb-stream-handler',
  });
  expect([...left]).toStrictEqual([]);
});

it('asks only what no flag says, and takes what is typed', async () => {
  const { context } = answering({ 'Partition key': 'OrderId:S', 'Function (none': 'none' });
  const flags: InitFlags = { target: 'local', table: 'Orders', sortKey: 'At:N', viewType: 'KEYS_ONLY' };
  expect(await askInit(flags, {}, context)).toStrictEqual({
    ...flags,
    partitionKey: 'OrderId:S',
    function: false,
  });
});

const CHOSEN: InitFlags = {
  table: 'Orders',
  partitionKey: 'Id:N',
  sortKey: 'At:N',
  viewType: 'NEW_IMAGE',
  function: false,
};

it('makes nothing when the plan is answered with no', async () => {
  const { context, text } = answering({ 'Make these changes?': 'n' });
  expect(await runInit({ ...CHOSEN, ...HERE() }, context)).toBe(130);
  expect(text.stderr).toContain('+  table  Orders');
  expect(aws.server.changes).toStrictEqual([]);
});

it('makes the plan when it is answered with yes, and deletes only after another', async () => {
  const made = answering({ 'Make these changes?': 'y' });
  expect(await runInit({ ...CHOSEN, ...HERE() }, made.context)).toBe(0);
  expect(aws.server.state.tables.size).toBe(1);

  const flags: DestroyFlags = { table: 'Orders', ...HERE() };
  expect(await runDestroy(flags, answering({ 'Delete these?': 'n' }).context)).toBe(130);
  expect(aws.server.state.tables.size).toBe(1);
  expect(await runDestroy(flags, answering({ 'Delete these?': 'y' }).context)).toBe(0);
  expect(aws.server.state.tables.size).toBe(0);
});

it('asks about the default name when nobody named a table, and takes no --yes for it', async () => {
  const there: InitFlags = { ...HERE(), function: false, yes: true };
  await runInit(there, answering({}).context);
  await rm(join(aws.cwd, 'ddbcdc.json'));

  await expect(runDestroy({ ...HERE(), yes: true }, answering({}).context)).rejects.toMatchObject({
    code: 'destroy.noStack',
    exitCode: 3,
    hint: expect.stringContaining(
      `ddbcdc destroy --table SampleStreamTable --endpoint-url ${aws.server.url} destroys it`,
    ),
  });
  expect(await runDestroy(HERE(), answering({ 'Delete these?': 'n' }).context)).toBe(130);
  expect(aws.server.state.tables.size).toBe(1);
  expect(await runDestroy({ ...HERE(), confirm: 'SampleStreamTable' }, answering({}).context)).toBe(0);
  expect(aws.server.state.tables.size).toBe(0);
});

it('wants the table’s name typed on AWS', async () => {
  await runInit({ ...CHOSEN, ...HERE(), yes: true }, answering({}).context);
  const onAws: DestroyFlags = { table: 'Orders', target: 'aws', region: 'eu-west-1', ...HERE() };

  expect(await runDestroy(onAws, answering({ "Type the table's name": 'Order' }).context)).toBe(130);
  expect(aws.server.state.tables.size).toBe(1);
  expect(await runDestroy(onAws, answering({ "Type the table's name": 'Orders' }).context)).toBe(0);
  expect(aws.server.state.tables.size).toBe(0);
});
