// Questions to a person, on stderr so that stdout stays data. Ctrl-C in a question ends the command with 130.
import { CliError, EXIT, usageError } from '../errors.js';
import { sanitize } from './sanitize.js';
import type { Terminal } from './terminal.js';

export interface TextQuestion {
  readonly message: string;
  readonly default?: string;
  /** True, or the sentence that says what is wrong with the answer. */
  readonly validate?: (answer: string) => true | string;
}

export interface Choice<T extends string> {
  readonly value: T;
  /** Shown in the list; the value when absent. */
  readonly name?: string;
  /** Shown under the list while the choice is marked. */
  readonly description?: string;
}

export interface ChoiceQuestion<T extends string> {
  readonly message: string;
  readonly choices: readonly Choice<T>[];
  readonly default?: T;
}

export interface YesNoQuestion {
  readonly message: string;
  /** What Enter alone means; default false. */
  readonly default?: boolean;
}

/** A line of text. Throws `interrupted` (130) on Ctrl-C, `prompt.notInteractive` (2) when nobody can be asked. */
export function askText(terminal: Terminal, question: TextQuestion, signal?: AbortSignal): Promise<string> {
  return ask(terminal, signal, async (context) => {
    const { input } = await import('@inquirer/prompts');
    return input(
      {
        message: sanitize(question.message),
        ...(question.default === undefined ? {} : { default: question.default }),
        ...(question.validate === undefined ? {} : { validate: question.validate }),
      },
      context,
    );
  });
}

/** One of a list. Throws as `askText` does. */
export function askChoice<T extends string>(
  terminal: Terminal,
  question: ChoiceQuestion<T>,
  signal?: AbortSignal,
): Promise<T> {
  return ask(terminal, signal, async (context) => {
    const { select } = await import('@inquirer/prompts');
    return select<T>(
      {
        message: sanitize(question.message),
        choices: question.choices.map((choice) => ({
          ...choice,
          name: sanitize(choice.name ?? choice.value),
        })),
        ...(question.default === undefined ? {} : { default: question.default }),
      },
      context,
    );
  });
}

/** Yes or no. Throws as `askText` does. */
export function askYesNo(
  terminal: Terminal,
  question: YesNoQuestion,
  signal?: AbortSignal,
): Promise<boolean> {
  return ask(terminal, signal, async (context) => {
    const { confirm } = await import('@inquirer/prompts');
    return confirm({ message: sanitize(question.message), default: question.default ?? false }, context);
  });
}

interface PromptContext {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal?: AbortSignal;
}

async function ask<T>(
  terminal: Terminal,
  signal: AbortSignal | undefined,
  prompt: (context: PromptContext) => Promise<T>,
): Promise<T> {
  if (!terminal.canPrompt) {
    throw usageError(
      'prompt.notInteractive',
      'this needs an answer and there is no terminal to ask on',
      'give the answer as a flag; --help lists them, and --yes takes every default',
    );
  }
  try {
    return await prompt({
      input: terminal.stdin,
      output: terminal.stderr,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // By name: the classes live in a package that is loaded only when a question is asked.
    if (error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name)) {
      throw new CliError('interrupted', 'interrupted', { exitCode: EXIT.interrupted, cause: error });
    }
    throw error;
  }
}
