// Progress on stderr: a spinner when the total is unknown, a bar when it is known, a few milestone lines when stderr
// is not a TTY, nothing with --json.
import ora from 'ora';
import { formatCount } from './format.js';
import type { Terminal } from './terminal.js';

export interface ProgressOptions {
  /** What is going on, as a participle: `seeding SampleStreamTable`. */
  readonly label: string;
  /** How many there will be, when that is known. */
  readonly total?: number;
  /** What is counted, in the plural: `items`. */
  readonly unit?: string;
}

/** One running progress. Exactly one of `succeed`, `fail` and `stop` ends it; further calls do nothing. */
export interface Progress {
  /** How many are done, with an optional remark such as a rate. */
  update(done: number, detail?: string): void;
  /** Says what is going on now. */
  label(text: string): void;
  /** Ends with a `✓` line; without text the progress just goes away. */
  succeed(text?: string): void;
  /** Ends with a `!` line; without text the progress just goes away. */
  fail(text?: string): void;
  /** Takes the progress away. */
  stop(): void;
}

const BAR_WIDTH = 24;
const MILESTONE_STEPS = 4;

export function startProgress(terminal: Terminal, options: ProgressOptions): Progress {
  if (terminal.json) return SILENT;
  return terminal.stderr.isTTY === true
    ? startAnimated(terminal, options)
    : startMilestones(terminal, options);
}

/** The bar alone, `████████░░░░ 33 %`, for a share between 0 and 1. */
export function drawBar(share: number, width: number = BAR_WIDTH): string {
  const bounded = Math.min(1, Math.max(0, share));
  const full = Math.round(bounded * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(bounded * 100)).padStart(3)} %`;
}

function startAnimated(terminal: Terminal, options: ProgressOptions): Progress {
  const { total, unit = '' } = options;
  let label = options.label;
  let state = { done: 0, detail: '' };
  const { err } = terminal;
  const text = (): string => {
    const detail = state.detail === '' ? '' : ` ${err.dim('·')} ${state.detail}`;
    if (total === undefined) {
      const count = state.done === 0 ? '' : ` ${err.dim(`${formatCount(state.done)} ${unit}`.trimEnd())}`;
      return `${label}${count}${detail}`;
    }
    const counts = `${formatCount(state.done)}/${formatCount(total)} ${unit}`.trimEnd();
    return `${label} ${drawBar(total === 0 ? 1 : state.done / total)} ${err.dim(counts)}${detail}`;
  };
  const spinner = ora({
    text: text(),
    stream: terminal.stderr,
    color: err.level === 0 ? false : 'cyan',
    isEnabled: true,
    // Raw mode would swallow Ctrl-C and the keys of a prompt that follows.
    discardStdin: false,
  }).start();
  const end = (line?: string): void => {
    if (!spinner.isSpinning) return;
    spinner.stop();
    if (line !== undefined) terminal.note(line);
  };
  return {
    update: (done, detail = '') => {
      state = { done, detail };
      spinner.text = text();
    },
    label: (next) => {
      label = next;
      spinner.text = text();
    },
    succeed: (line) => end(line === undefined ? undefined : `${err.green('✓')} ${line}`),
    fail: (line) => end(line === undefined ? undefined : `${err.red('!')} ${line}`),
    stop: () => end(),
  };
}

function startMilestones(terminal: Terminal, options: ProgressOptions): Progress {
  const { total, unit = '' } = options;
  let reached = 0;
  let ended = false;
  terminal.note(`· ${options.label}`);
  const end = (line?: string): void => {
    if (ended) return;
    ended = true;
    if (line !== undefined) terminal.note(line);
  };
  return {
    update: (done) => {
      if (ended || total === undefined || total === 0) return;
      const step = Math.floor((done / total) * MILESTONE_STEPS);
      // The end has a line of its own.
      if (step <= reached || step >= MILESTONE_STEPS) return;
      reached = step;
      const counts = `${formatCount(done)}/${formatCount(total)} ${unit}`.trimEnd();
      terminal.note(`· ${Math.floor((done / total) * 100)} % ${counts}`);
    },
    label: (text) => {
      if (!ended) terminal.note(`· ${text}`);
    },
    succeed: (line) => end(line === undefined ? undefined : `✓ ${line}`),
    fail: (line) => end(line === undefined ? undefined : `! ${line}`),
    stop: () => end(),
  };
}

const nothing = (): void => {};
const SILENT: Progress = { update: nothing, label: nothing, succeed: nothing, fail: nothing, stop: nothing };
