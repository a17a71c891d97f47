// A named tail killed at arbitrary points and resumed: nothing lost, nothing shown twice but what it can account for.
import { expect, it } from 'vitest';
import { parseLines, runBin, temporaryProject } from '../helpers/run-bin.js';

const COUNT = 6_000;
/** Where each run is killed, in lines of output; the last one runs to its end. */
const KILLS = [1, 700, 1_500, 2_600];

it('resumes after kills without losing a change', async () => {
  await using project = await temporaryProject();
  const cwd = project.folder;
  expect(await runBin(['init', '--yes', '--no-function'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await runBin(['seed', '--count', String(COUNT)], { cwd })).toMatchObject({ exitCode: 0 });
  const tail = ['tail', '--from', 'trim-horizon', '--checkpoint', 'test', '--no-follow', '--json'];

  const seen = new Map<number, number>();
  const count = (lines: Record<string, unknown>[]): void => {
    for (const line of lines) {
      if (line.type !== 'change') continue;
      const { Id } = line.keys as { Id: number };
      seen.set(Id, (seen.get(Id) ?? 0) + 1);
    }
  };
  for (const killAt of KILLS) {
    const run = await runBin(tail, {
      cwd,
      onStdout: (text, kill) => {
        if (text.split('\n').length > killAt) kill('SIGKILL');
      },
    });
    // A kill can cut the last line.
    count(parseLines({ ...run, stdout: run.stdout.slice(0, run.stdout.lastIndexOf('\n') + 1) }));
  }
  const last = await runBin(tail, { cwd });
  expect(last.exitCode).toBe(0);
  const lines = parseLines(last);
  count(lines);

  expect([...seen.keys()].toSorted((a, b) => a - b)).toStrictEqual(
    Array.from({ length: COUNT }, (_, i) => i + 1),
  );
  expect(lines.at(-1)).toMatchObject({ type: 'end', gaps: 0 });
  // A kill between the output of a change and its checkpoint repeats that one change.
  const repeats = [...seen.values()].reduce((sum, times) => sum + times - 1, 0);
  expect(repeats).toBeLessThanOrEqual(KILLS.length);

  const again = parseLines(await runBin(tail, { cwd }));
  expect(again.filter((line) => line.type === 'change')).toStrictEqual([]);
});
