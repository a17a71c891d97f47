import { describe, expect, it } from 'vitest';
import { askChoice, askText, askYesNo } from '../../src/ui/prompts.js';
import { makeTerminal } from './make-terminal.js';

describe('prompts', () => {
  it('refuses to ask where nobody can answer', async () => {
    const { terminal } = makeTerminal();
    await expect(askText(terminal, { message: 'Table' })).rejects.toMatchObject({
      code: 'prompt.notInteractive',
      exitCode: 2,
    });
  });

  it('asks on stderr and takes the default on Enter', async () => {
    const { terminal, text, stdin } = makeTerminal({
      tty: true,
      onWrite: answerOnce(() => stdin.write('\r')),
    });
    expect(await askText(terminal, { message: 'Table', default: 'Orders' })).toBe('Orders');
    expect(text.stdout).toBe('');
    expect(text.stderr).toContain('Table');
  });

  it('takes a choice', async () => {
    const { terminal, stdin } = makeTerminal({ tty: true, onWrite: answerOnce(() => stdin.write('\r')) });
    const question = { message: 'Target', choices: [{ value: 'local' }, { value: 'aws' }] } as const;
    expect(await askChoice(terminal, question)).toBe('local');
  });

  it('ends with 130 on Ctrl-C', async () => {
    const { terminal, stdin } = makeTerminal({ tty: true, onWrite: answerOnce(() => stdin.write('\u0003')) });
    await expect(askYesNo(terminal, { message: 'Delete' })).rejects.toMatchObject({
      code: 'interrupted',
      exitCode: 130,
    });
  });
});

/** Runs the action after the first write, when the question stands on the screen. */
function answerOnce(action: () => void): () => void {
  let answered = false;
  return () => {
    if (answered) return;
    answered = true;
    setImmediate(action);
  };
}
