// The whole job as a newcomer would type it: each step is this command line itself, in a folder of its own, so that the
// demonstration shows, and proves, exactly what a user gets.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createShell, type Shell } from '../demo/shell.js';
import { EXIT } from '../errors.js';
import { type DemoResult, renderDemoStep, renderDemoVerdict } from '../ui/demo.js';
import type { CommandContext } from './context.js';

export interface DemoFlags {
  readonly count: number;
}

/** How long the function may take to catch up with what the tail has seen already. */
const FUNCTION_PATIENCE_MS = 60_000;
const POLL_INTERVAL_MS = 200;

/** Exit 0 when everything agrees, 1 when a step fails, 4 when the counts differ. */
export async function runDemo(flags: DemoFlags, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const folder = await mkdtemp(join(tmpdir(), 'ddbcdc-demo-'));
  const shell = createShell({
    folder,
    env: { ...context.env, ...(terminal.out.level > 0 ? { FORCE_COLOR: String(terminal.out.level) } : {}) },
    signal: context.signal,
    onOutput: (text) => {
      if (!terminal.json) terminal.stdout.write(text);
    },
  });
  async function step(...args: string[]): Promise<void> {
    if (!terminal.json) await terminal.print(renderDemoStep(args, terminal));
    await shell.show(args);
  }
  const count = String(flags.count);
  try {
    await step('init', '--yes');
    await step('seed', '--count', count);
    await step('tail', '--from', 'trim-horizon', '--expect', count, '--for', '120s', '--format', 'pretty');
    const functionCount = await functionRecords(shell, flags.count, context);
    await step('logs', '--limit', '10');
    await step('status');
    await step('bench', '--stage', 'decode', '--shape', 'sample');
    const result = { written: flags.count, ...(await accountOf(shell)), functionCount };
    await step('destroy', '--yes');

    const { written, seen, duplicates, gaps } = result;
    const agrees = seen === written && functionCount === written && duplicates === 0 && gaps === 0;
    if (terminal.json) await terminal.printJson(result);
    else for (const line of renderDemoVerdict(result, agrees, terminal)) await terminal.print(line);
    return agrees ? EXIT.done : EXIT.expectation;
  } finally {
    const engine = createShell({
      folder,
      env: context.env,
      signal: new AbortController().signal,
      onOutput: () => {},
    });
    await engine.show(['local', 'stop']).catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a second, independent read of the whole stream counts. */
async function accountOf(shell: Shell): Promise<Pick<DemoResult, 'seen' | 'duplicates' | 'gaps'>> {
  const lines = await shell.read(['tail', '--from', 'trim-horizon', '--no-follow']);
  const end = lines.at(-1);
  const field = (name: string): number => Number(end?.[name] ?? Number.NaN);
  return { seen: field('records'), duplicates: field('duplicates'), gaps: field('gaps') };
}

/** The records that the function counted in its own log; waits until it has caught up or its time is over. */
async function functionRecords(shell: Shell, expected: number, context: CommandContext): Promise<number> {
  const deadline = context.now() + FUNCTION_PATIENCE_MS;
  for (;;) {
    const [document] = await shell.read(['logs']);
    const records = Number(document?.records ?? 0);
    if (records >= expected || context.now() > deadline) return records;
    await sleep(POLL_INTERVAL_MS, undefined, { signal: context.signal });
  }
}
