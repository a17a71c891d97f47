import { describe, expect, it } from 'vitest';
import { drawBar, startProgress } from '../../src/ui/progress.js';
import { makeTerminal } from './make-terminal.js';

describe('startProgress', () => {
  it('writes a few milestones when stderr is not a TTY', () => {
    const { terminal, text } = makeTerminal();
    const progress = startProgress(terminal, { label: 'seeding Orders', total: 1000, unit: 'items' });
    for (let done = 0; done <= 1000; done += 25) progress.update(done);
    progress.succeed('1,000 items');
    progress.stop();
    expect(text).toStrictEqual({
      stdout: '',
      stderr:
        '· seeding Orders\n· 25 % 250/1,000 items\n· 50 % 500/1,000 items\n· 75 % 750/1,000 items\n✓ 1,000 items\n',
    });
  });

  it('is silent with --json', () => {
    const { terminal, text } = makeTerminal({ tty: true, json: true });
    const progress = startProgress(terminal, { label: 'working' });
    progress.update(1);
    progress.fail('broken');
    expect(text).toStrictEqual({ stdout: '', stderr: '' });
  });

  it('draws a bar on a TTY when the total is known, and takes it away at the end', () => {
    const { terminal, text } = makeTerminal({ tty: true });
    const progress = startProgress(terminal, { label: 'seeding Orders', total: 4, unit: 'items' });
    progress.update(2, '12/s');
    progress.fail('2 items lost');
    progress.succeed('never shown');
    expect(text.stdout).toBe('');
    expect(text.stderr).toContain('seeding Orders');
    expect(text.stderr).toMatch(/! 2 items lost\n$/);
  });

  it('draws shares within bounds', () => {
    expect([drawBar(0, 4), drawBar(0.5, 4), drawBar(2, 4)]).toStrictEqual([
      '░░░░   0 %',
      '██░░  50 %',
      '████ 100 %',
    ]);
  });
});
