import type { CloudWatchLogsClient, FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followLogEvents, readLogEvents } from '../../../src/lambda/logs/read.js';

interface SimulatedEvent {
  readonly at: number;
  /** When CloudWatch shows it, ms after `at`. */
  readonly lateMs: number;
}

const START = 1_000_000;

/** A log whose time is the test's: `wait` passes it, and every request may fail as CloudWatch does. */
function simulate(
  events: readonly SimulatedEvent[],
  pageSize: number,
  failing: (request: number) => boolean,
) {
  const clock = { now: START };
  const state = { requests: 0 };
  const logs = {
    async send({ input }: { input: FilterLogEventsCommandInput }) {
      state.requests++;
      if (failing(state.requests)) {
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      }
      const visible = events
        .map((event, index) => ({ ...event, index }))
        .filter(({ at, lateMs }) => at + lateMs <= clock.now && at >= (input.startTime ?? 0))
        .sort((a, b) => a.at - b.at);
      const from = Number(input.nextToken ?? 0);
      return {
        events: visible.slice(from, from + pageSize).map(({ at, index }) => ({
          eventId: String(index),
          timestamp: at,
          logStreamName: 's',
          message: 'm',
        })),
        ...(from + pageSize < visible.length ? { nextToken: String(from + pageSize) } : {}),
      };
    },
  };
  // The one method of the client that reading uses.
  return { clock, state, logs: logs as unknown as CloudWatchLogsClient };
}

const LOG = { logGroup: '/aws/lambda/f', since: START, loopback: true };

describe('reading a log', () => {
  it('gives every event once, over pages', async () => {
    const events = Array.from({ length: 25 }, (_, index) => ({ at: START + index, lateMs: 0 }));
    const { clock, logs, state } = simulate(events, 10, () => false);
    clock.now += 1000;
    const ids: string[] = [];
    for await (const page of readLogEvents({ ...LOG, logs, signal: new AbortController().signal })) {
      ids.push(...page.map(({ id }) => id));
    }
    expect(ids).toStrictEqual(events.map((_, index) => String(index)));
    expect(state.requests).toBe(3);
  });
});

describe('following a log', () => {
  it('gives every event once, however late it shows, through throttling', async () => {
    const event = fc.record({
      at: fc.integer({ min: START, max: START + 120_000 }),
      lateMs: fc.oneof(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 90_000 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 6 }),
        async (events, pageSize, failures) => {
          const { clock, logs } = simulate(events, pageSize, (request) => failures.includes(request));
          const abort = new AbortController();
          const ids: string[] = [];
          const pages = followLogEvents({
            ...LOG,
            logs,
            signal: abort.signal,
            wait: async (ms) => {
              clock.now += ms * 5;
              if (clock.now > START + 240_000) abort.abort();
            },
          });
          for await (const page of pages) {
            ids.push(...page.map(({ id }) => id));
            if (abort.signal.aborted) break;
          }
          expect(ids.map(Number).sort((a, b) => a - b)).toStrictEqual(events.map((_, index) => index));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives up when throttling does not end', async () => {
    const { logs, state } = simulate([], 10, () => true);
    const waits: number[] = [];
    const following = followLogEvents({
      ...LOG,
      logs,
      signal: new AbortController().signal,
      wait: async (ms) => void waits.push(ms),
    });
    await expect(
      (async () => {
        for await (const page of following) expect(page).toStrictEqual([]);
      })(),
    ).rejects.toThrow('Rate exceeded');
    expect(state.requests).toBe(9);
    expect(waits).toStrictEqual([400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000]);
  });

  it('does not repeat what will not pass', async () => {
    const { logs } = simulate([], 10, () => false);
    Object.assign(logs, {
      send: async () => {
        throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      },
    });
    const following = followLogEvents({ ...LOG, logs, signal: new AbortController().signal });
    await expect(following.next()).rejects.toThrow('no');
  });
});
