import { expect, it } from 'vitest';
import type { ApplyEvent } from '../../../src/provision/apply.js';
import type { PlanStep } from '../../../src/provision/stack.js';
import { showApply } from '../../../src/ui/provision/progress.js';
import { makeTerminal } from '../make-terminal.js';

const STEP: PlanStep = { resource: 'function', name: 'orders', action: 'create', reason: '', changes: [] };
const KEPT: PlanStep = { ...STEP, resource: 'table', name: 'Orders', action: 'unchanged' };

async function* events(): AsyncGenerator<ApplyEvent, string> {
  yield { type: 'started', step: KEPT };
  yield { type: 'finished', step: KEPT, elapsedMs: 1 };
  yield { type: 'started', step: STEP };
  yield { type: 'waiting', step: STEP, reason: 'the function is being made', waitedMs: 50 };
  yield { type: 'waiting', step: STEP, reason: 'the function is being made', waitedMs: 2_400 };
  yield { type: 'waiting', step: STEP, reason: 'the function is being made', waitedMs: 4_000 };
  yield { type: 'finished', step: STEP, elapsedMs: 5_000 };
  return 'result';
}

it('prints a line for what was done, and for a long wait one more', async () => {
  const { terminal, text } = makeTerminal();
  expect(await showApply(terminal, events())).toBe('result');
  expect(text).toStrictEqual({
    stdout: '',
    stderr:
      '· creating function orders · the function is being made (2.4 s)\n✓ function orders created 5 s\n',
  });
});

it('prints nothing with --json', async () => {
  const { terminal, text } = makeTerminal({ json: true });
  await showApply(terminal, events());
  expect(text).toStrictEqual({ stdout: '', stderr: '' });
});

it('leaves a line for each step on a TTY, and no spinner behind when a step fails', async () => {
  const done = makeTerminal({ tty: true });
  await showApply(done.terminal, events());
  expect(done.text.stderr).toContain('✓ function orders created 5 s\n');

  const failing = makeTerminal({ tty: true });
  async function* broken(): AsyncGenerator<ApplyEvent, string> {
    yield { type: 'started', step: STEP };
    throw new Error('broken');
  }
  await expect(showApply(failing.terminal, broken())).rejects.toThrow('broken');
  expect(failing.text.stderr).not.toContain('created');
});
