import { expect, it } from 'vitest';
import { type Pace, pollUntil, REAL_PACE, retryWhile, type Waiting } from '../../src/provision/pace.js';
import { instantPace } from '../helpers/aws-server/stack-runner.js';

function options(pace: Pace, signal = new AbortController().signal) {
  return { pace, signal, what: 'table Orders', limitMs: 60_000 };
}

async function collect<T>(work: AsyncGenerator<Waiting, T>): Promise<{ waits: Waiting[]; value: T }> {
  const waits: Waiting[] = [];
  for (;;) {
    const next = await work.next();
    if (next.done === true) return { waits, value: next.value };
    waits.push(next.value);
  }
}

it('says what it waits for, with longer and longer pauses', async () => {
  let reads = 0;
  const { waits, value } = await collect(
    pollUntil(
      async () => ++reads,
      (count) => (count < 4 ? `only ${count}` : undefined),
      options(instantPace()),
    ),
  );
  expect(value).toBe(4);
  expect(waits).toStrictEqual([
    { type: 'waiting', reason: 'only 1', waitedMs: 0 },
    { type: 'waiting', reason: 'only 2', waitedMs: 50 },
    { type: 'waiting', reason: 'only 3', waitedMs: 130 },
  ]);
});

it('ends with what was still missing', async () => {
  await expect(
    collect(
      pollUntil(
        async () => 'CREATING',
        (state) => `the table is ${state}`,
        options(instantPace()),
      ),
    ),
  ).rejects.toMatchObject({
    code: 'provision.timeout',
    message: 'table Orders was still not ready after 60 s: the table is CREATING',
    hint: 'run the command again: it goes on from here',
  });
});

it('throws an error that does not pass at once, and one that should have passed at the end', async () => {
  let calls = 0;
  const failing = async (): Promise<never> => {
    calls += 1;
    throw new Error(`attempt ${calls}`);
  };
  await expect(collect(retryWhile(failing, () => undefined, options(instantPace())))).rejects.toThrow(
    'attempt 1',
  );
  await expect(collect(retryWhile(failing, () => 'soon', options(instantPace())))).rejects.toThrow(
    /^attempt \d{2}$/,
  );
});

it('stops waiting when it is aborted', async () => {
  const abort = new AbortController();
  const work = pollUntil(
    async () => 0,
    () => 'for ever',
    options(REAL_PACE, abort.signal),
  );
  await work.next();
  const next = work.next();
  abort.abort();
  await expect(next).rejects.toMatchObject({ name: 'AbortError' });
});
