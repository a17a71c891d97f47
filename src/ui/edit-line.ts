// A line of text that stands there to be edited. Not one of inquirer's questions: those give the default back when the
// line was emptied, and here an empty line is an answer.
import { createInterface } from 'node:readline/promises';
import { CliError, EXIT } from '../errors.js';
import { sanitize } from './sanitize.js';
import type { Terminal } from './terminal.js';

export interface EditQuestion {
  readonly message: string;
  /** What the line holds at first. */
  readonly line: string;
  /** True, or what is wrong with the answer: it is shown, and the line stands there again. */
  readonly validate: (answer: string) => true | string;
}

/** Asks on stderr. Throws `interrupted` (130) on Ctrl-C, on Escape, at the end of input and when the signal aborts. */
export async function editLine(
  terminal: Terminal,
  question: EditQuestion,
  signal: AbortSignal,
): Promise<string> {
  const { stdin, stderr, err } = terminal;
  const editor = createInterface({ input: stdin, output: stderr, terminal: true, historySize: 0 });
  const stop = new AbortController();
  // Ctrl-C and Ctrl-D are keys to readline, and end the question here, as Escape does.
  editor.on('SIGINT', () => stop.abort()).on('close', () => stop.abort());
  const onKey = (_text: string | undefined, key: { readonly name?: string } | undefined): void => {
    if (key?.name === 'escape') stop.abort();
  };
  stdin.on('keypress', onKey);
  const ended = AbortSignal.any([signal, stop.signal]);
  try {
    for (let line = question.line; ; ) {
      const answer = editor.question(`${err.cyan('?')} ${err.bold(question.message)} `, { signal: ended });
      editor.write(line);
      line = await answer;
      const verdict = question.validate(line);
      if (verdict === true) return line;
      terminal.note(`${err.red('!')} ${sanitize(verdict)}`);
    }
  } catch (error) {
    if (!ended.aborted) throw error;
    terminal.note('');
    throw new CliError('interrupted', 'interrupted', { exitCode: EXIT.interrupted, cause: error });
  } finally {
    stdin.off('keypress', onKey);
    editor.close();
  }
}
