// A day in a stream's life, compressed: six rolls, a split, a re-created table and an engine killed and restarted, under
// one tail that is never restarted. At the end the counts agree.
import { expect, it } from 'vitest';
import { parseDocument, runBin, temporaryProject } from '../helpers/run-bin.js';

const ROUND = 150;
const ROLLS = 6;

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

it('accounts for every change across rolls, a split, a re-created table and a killed engine', async () => {
  await using project = await temporaryProject();
  const cwd = project.folder;
  const ok = async (...args: string[]): Promise<Record<string, unknown>> => {
    const result = await runBin([...args, '--json'], { cwd });
    expect(`${args.join(' ')}: ${result.exitCode} ${result.stderr}`).toContain(`${args.join(' ')}: 0`);
    return parseDocument(result);
  };
  let written = 0;
  const seed = async (): Promise<void> => {
    await ok('seed', '--count', String(ROUND), '--start-id', String(written + 1));
    written += ROUND;
  };

  await ok('init', '--yes', '--no-function');
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  let interrupt: () => void = () => {};
  let complete = 0;
  const tail = runBin(['tail', '--from', 'trim-horizon', '--json'], {
    cwd,
    onStdout: (text, kill) => {
      interrupt = () => kill('SIGINT');
      const whole = text.lastIndexOf('\n') + 1;
      for (const line of text.slice(complete, whole).split('\n'))
        if (line !== '') lines.push(JSON.parse(line) as Line);
      complete = whole;
      for (const listener of listeners) listener();
    },
  });
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
    });
  const changes = (): Line[] => lines.filter((line) => line.type === 'change');
  const seen = (count: number): Promise<void> => until(() => changes().length >= count);

  await until(() => lines.some((line) => line.type === 'start'));
  for (let roll = 0; roll < ROLLS; roll += 1) {
    await seed();
    await ok('local', 'roll');
  }
  await seed();
  await ok('local', 'split');
  await seed();
  await seen(written);

  await ok('destroy', '--yes');
  await ok('init', '--yes', '--no-function');
  await seed();
  await until(() => lines.some((line) => line.type === 'switch'));
  await seen(written);

  const { pid } = await ok('local', 'status');
  process.kill(Number(pid), 'SIGKILL');
  await ok('local', 'start');
  await seed();
  await seen(written);
  interrupt();

  expect((await tail).exitCode).toBe(0);
  const ids = changes().map((line) => (line.keys as { Id: number }).Id);
  expect(ids.toSorted((a, b) => a - b)).toStrictEqual(Array.from({ length: written }, (_, i) => i + 1));
  expect(lines.filter((line) => line.type === 'gap')).toStrictEqual([]);
  expect(lines.at(-1)).toMatchObject({ type: 'end', records: written, shown: written, gaps: 0 });
});
