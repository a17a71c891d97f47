// A tail that emits what a test tells it to, and a context to run the command in.
import type { CommandContext } from '../../src/commands/context.js';
import type { OpenTail, TailServices } from '../../src/commands/tail/services.js';
import type { ChangeEvent, EndEvent, LinesEvent, TailEvent } from '../../src/stream/events.js';
import type { ReadPage } from '../../src/stream/records/read-page.js';
import { parsedRecords } from '../../src/stream/records/record-list.js';
import type { EncodeLines } from '../../src/stream/run/open-page.js';
import type { LinesTailOptions } from '../../src/stream/tail.js';
import type { TailOptions } from '../../src/stream/tail-options.js';
import type { Target } from '../../src/target/target.js';
import { makeTerminal, type TestTerminal, type TestTerminalOptions } from '../ui/make-terminal.js';
import { makeEnd } from '../ui/tail/make-events.js';

export interface FakeTail {
  readonly services: TailServices;
  /** The options that the command gave, once it did. */
  readonly options: Promise<TailOptions>;
  /** Events go to the command one by one. */
  emit(...events: TailEvent[]): void;
  /** How many events the command has taken. */
  readonly taken: number;
  /** Ends the tail, by itself when the signal aborts. */
  end(overrides?: Partial<EndEvent>): void;
}

export function makeFakeTail(overrides: Partial<TailServices> = {}): FakeTail {
  const queue: TailEvent[] = [];
  let wake = (): void => {};
  let taken = 0;
  let given: (options: TailOptions) => void = () => {};
  const options = new Promise<TailOptions>((resolve) => {
    given = resolve;
  });
  const push = (...events: TailEvent[]): void => {
    queue.push(...events);
    wake();
  };
  async function* iterate(signal: AbortSignal | undefined): AsyncGenerator<TailEvent> {
    for (;;) {
      const event = queue.shift();
      if (event !== undefined) {
        taken++;
        yield event;
        if (event.type === 'end') return;
      } else if (signal?.aborted === true) {
        yield makeEnd();
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    }
  }
  /** Each change as the lines of a batch of its own. */
  async function* iterateLines(
    signal: AbortSignal | undefined,
    encode: EncodeLines,
  ): AsyncGenerator<TailEvent | LinesEvent> {
    for await (const event of iterate(signal)) {
      if (event.type === 'change') yield { type: 'lines', ...encode(pageOf(event), { ...event, most: 1 }) };
      else yield event;
    }
  }
  const openAs = (
    tailOptions: LinesTailOptions,
    events: AsyncGenerator<TailEvent | LinesEvent>,
  ): OpenTail => {
    given(tailOptions);
    return {
      [Symbol.asyncIterator]: () => events,
      ledger: () => makeEnd(),
      shards: () => [{ id: 'shardId-1-aaaa', state: 'reading', lagMs: 950 }],
    };
  };
  return {
    services: {
      openTarget: async () => FAKE_TARGET,
      openTail: async (tailOptions) => openAs(tailOptions, iterate(tailOptions.signal)),
      openLines: async (tailOptions, encode) => openAs(tailOptions, iterateLines(tailOptions.signal, encode)),
      loadModel: () => Promise.reject(new Error('no model was asked for')),
      countMappings: async () => 0,
      readKeys: async () => [{ name: 'Id', type: 'N' }],
      ...overrides,
    },
    options,
    emit: push,
    get taken() {
      return taken;
    },
    end: (end) => push(makeEnd(end)),
  };
}

function pageOf({ record, shard, streamArn }: ChangeEvent): ReadPage {
  return {
    shard,
    streamArn,
    records: parsedRecords([record]),
    duplicates: 0,
    skipped: 0,
    last: undefined,
    fetchMs: 0,
    lagMs: 0,
    release() {},
  };
}

// Casts: the fake tail never calls the clients.
const FAKE_TARGET: Target = {
  kind: 'local',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:1',
  loopback: true,
  clients: {
    streams: () => Promise.resolve({} as never),
    dynamodb: () => Promise.resolve({} as never),
    lambda: () => Promise.resolve({} as never),
    iam: () => Promise.resolve({} as never),
    sts: () => Promise.resolve({} as never),
    logs: () => Promise.resolve({} as never),
  },
  close() {},
};

export interface FakeContext extends TestTerminal {
  readonly context: CommandContext;
  readonly abort: AbortController;
  /** Resolves when both outputs together hold the text. */
  seen(text: string): Promise<void>;
}

export function makeContext(cwd: string, options: TestTerminalOptions = {}): FakeContext {
  const waiting: { text: string; resolve: () => void }[] = [];
  const check = (written: { stdout: string; stderr: string }): void => {
    for (const waiter of [...waiting]) {
      if (!(written.stdout + written.stderr).includes(waiter.text)) continue;
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  };
  const test = makeTerminal({ ...options, onWrite: check });
  const abort = new AbortController();
  return {
    ...test,
    abort,
    context: {
      cwd,
      env: {},
      terminal: test.terminal,
      signal: abort.signal,
      now: () => Date.UTC(2026, 10, 23),
    },
    seen: (text) =>
      new Promise((resolve) => {
        waiting.push({ text, resolve });
        check(test.text);
      }),
  };
}
