// What `init` asks a person. An answer that is the default counts as not stated: Enter on every question does what
// `--yes` does.
import { type Config, DEFAULT_FUNCTION, DEFAULT_TABLE } from '../../config.js';
import { CliError } from '../../errors.js';
import { DEFAULT_KEY, DEFAULT_VIEW_TYPE } from '../../provision/desired.js';
import { parseFunctionName, parseKey, parseTableName } from '../../provision/parse.js';
import { VIEW_TYPES, type ViewType } from '../../provision/stack.js';
import { askChoice, askText } from '../../ui/prompts.js';
import type { CommandContext } from '../context.js';
import type { InitFlags } from '../init.js';

const VIEW_TYPE_TEXT: Readonly<Record<ViewType, string>> = {
  KEYS_ONLY: 'only the keys',
  NEW_IMAGE: 'the item after the change',
  OLD_IMAGE: 'the item before the change',
  NEW_AND_OLD_IMAGES: 'both: needed to show what changed',
};

/** Fills in the flags that were not given. */
export async function askInit(
  flags: InitFlags,
  config: Config,
  { terminal, signal, env }: CommandContext,
): Promise<InitFlags> {
  const answers: { -readonly [K in keyof InitFlags]: InitFlags[K] } = { ...flags };
  const text = (message: string, fallback: string, check: (answer: string) => unknown): Promise<string> =>
    askText(terminal, { message, default: fallback, validate: (answer) => problemOf(check, answer) }, signal);

  const placeIsChosen =
    flags.target ?? flags.endpointUrl ?? config.target ?? config.endpointUrl ?? env.DDBCDC_TARGET;
  if (placeIsChosen === undefined) {
    const target = await askChoice(
      terminal,
      {
        message: 'Where?',
        choices: [
          { value: 'local', name: 'here, on the embedded engine' },
          { value: 'aws', name: 'on AWS' },
        ],
        default: 'local',
      },
      signal,
    );
    if (target === 'aws') answers.target = target;
  }
  if (flags.table === undefined) {
    answers.table = await text('Table', config.table ?? DEFAULT_TABLE, parseTableName);
  }
  if (flags.partitionKey === undefined) {
    const fallback = config.partitionKey ?? DEFAULT_KEY;
    const key = await text('Partition key, as name:type (S, N or B)', fallback, (answer) =>
      parseKey('partition key', answer),
    );
    if (key !== fallback) answers.partitionKey = key;
  }
  if (flags.sortKey === undefined) {
    const fallback = config.sortKey ?? 'none';
    const key = await text('Sort key', fallback, (answer) =>
      answer === 'none' ? undefined : parseKey('sort key', answer),
    );
    if (key !== 'none') answers.sortKey = key;
  }
  if (flags.viewType === undefined) {
    const fallback = VIEW_TYPES.find((known) => known === config.viewType) ?? DEFAULT_VIEW_TYPE;
    const viewType = await askChoice(
      terminal,
      {
        message: 'What should the stream show of a change?',
        choices: VIEW_TYPES.map((value) => ({ value, description: VIEW_TYPE_TEXT[value] })),
        default: fallback,
      },
      signal,
    );
    if (viewType !== fallback) answers.viewType = viewType;
  }
  if (flags.function === undefined) {
    const name = await text(
      'Function (none: only the table)',
      config.function ?? DEFAULT_FUNCTION,
      parseFunctionName,
    );
    answers.function = name === 'none' ? false : name;
  }
  return answers;
}

function problemOf(check: (answer: string) => unknown, answer: string): true | string {
  try {
    check(answer);
    return true;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}
