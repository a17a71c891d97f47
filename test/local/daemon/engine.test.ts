// One engine in this process, with services that record what happens to them.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { callEngine, checkHealth } from '../../../src/local/daemon/client.js';
import { readState, writeState } from '../../../src/local/daemon/files.js';
import { isLocked } from '../../../src/local/daemon/lock.js';
import { type Engine, type EngineOptions, startEngine } from '../../../src/local/engine.js';
import type { EngineContext, EngineService } from '../../../src/local/service.js';
import { engineFolder } from './engine-folder.js';

interface Recorded {
  readonly engine: Promise<Engine>;
  readonly events: string[];
  readonly log: string[];
  readonly contexts: EngineContext[];
  readonly stateWhileOpening: unknown[];
}

function start(
  options: Partial<EngineOptions> & { dataDir: string },
  busy: () => boolean = () => false,
): Recorded {
  const events: string[] = [];
  const log: string[] = [];
  const contexts: EngineContext[] = [];
  const stateWhileOpening: unknown[] = [];
  const service: EngineService = {
    handle: async ({ operation }) => ({ status: 200, body: { operation } }),
    close: () => Promise.resolve(),
  };
  const engine = startEngine({
    log: (line) => log.push(line),
    async openServices(context) {
      contexts.push(context);
      events.push('opened');
      stateWhileOpening.push(await readState(context.dataDir));
      return {
        dynamodb: service,
        streams: service,
        lambda: service,
        logs: service,
        admin: service,
        busy,
        async close() {
          events.push(`closed, locked: ${await isLocked(context.dataDir)}`);
        },
      };
    },
    ...options,
  });
  return { engine, events, log, contexts, stateWhileOpening };
}

describe('an engine', () => {
  it('opens its services under the lock and closes them before it gives the lock back', async () => {
    await using folder = await engineFolder();
    const { engine, events, contexts } = start({ ...folder, region: 'eu-north-1' });
    const { state, close, closed } = await engine;
    expect(await readState(folder.dataDir)).toStrictEqual(state);
    expect(contexts).toMatchObject([
      { dataDir: folder.dataDir, region: 'eu-north-1', accountId: '000000000000' },
    ]);
    await Promise.all([close('enough'), close('again'), closed]);
    expect(events).toStrictEqual(['opened', 'closed, locked: true']);
    expect([await isLocked(folder.dataDir), await readState(folder.dataDir)]).toStrictEqual([
      false,
      undefined,
    ]);
  });

  it('keeps the region in which the folder was made', async () => {
    await using folder = await engineFolder();
    await (await start({ ...folder, region: 'eu-north-1' }).engine).close('enough');
    const again = await start({ ...folder, region: 'us-west-2' }).engine;
    expect(again.state.region).toBe('eu-north-1');
    await again.close('enough');
  });

  it('forgets the state of an engine that crashed before anything can take it for its own', async () => {
    await using folder = await engineFolder();
    const first = await start(folder).engine;
    const { state } = first;
    await first.close('enough');
    await writeState({ ...state, pid: 1 });
    const { engine, stateWhileOpening } = start(folder);
    await (await engine).close('enough');
    expect(stateWhileOpening).toStrictEqual([undefined]);
  });

  it('is the only one of its folder', async () => {
    await using folder = await engineFolder();
    const first = await start(folder).engine;
    const second = start(folder);
    await expect(second.engine).rejects.toMatchObject({ code: 'engine.locked', exitCode: 3 });
    expect(second.events).toStrictEqual([]);
    expect(await checkHealth(first.state)).toMatchObject({ engine: 'ddbcdc', pid: process.pid });
    await first.close('enough');
  });

  it('gives everything back when it cannot listen', async () => {
    await using folder = await engineFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { engine, events } = start({ ...folder, port });
    await expect(engine).rejects.toMatchObject({ code: 'engine.portBusy', exitCode: 3 });
    other.close();
    expect(events).toStrictEqual(['opened', 'closed, locked: true']);
    expect(await isLocked(folder.dataDir)).toBe(false);
  });

  it('stays closed to who does not hold its key', async () => {
    await using folder = await engineFolder();
    const engine = await start(folder).engine;
    expect(await callEngine(engine.state, 'RollShards', {})).toStrictEqual({ operation: 'RollShards' });
    await expect(
      callEngine({ ...engine.state, secretAccessKey: 'guessed' }, 'StopEngine', {}),
    ).rejects.toMatchObject({ code: 'engine.callFailed' });
    expect(await checkHealth({ ...engine.state, secretAccessKey: 'guessed' })).toBeUndefined();
    expect(await checkHealth(engine.state)).toBeDefined();
    await engine.close('enough');
  });

  it('takes a new idle time and refuses one that is no time', async () => {
    await using folder = await engineFolder();
    const engine = await start(folder).engine;
    await callEngine(engine.state, 'SetIdleTimeout', { IdleTimeoutMs: 60_000 });
    expect([engine.state.idleTimeoutMs, (await readState(folder.dataDir))?.idleTimeoutMs]).toStrictEqual([
      60_000, 60_000,
    ]);
    for (const IdleTimeoutMs of [-1, 0.5, '60', null]) {
      await expect(callEngine(engine.state, 'SetIdleTimeout', { IdleTimeoutMs })).rejects.toThrow(
        'ValidationException',
      );
    }
    await engine.close('enough');
  });

  it('stops when idle, but not while a function is at work', async () => {
    await using folder = await engineFolder();
    const asked: boolean[] = [];
    const answers = [true, false];
    const { engine, log } = start({ ...folder, idleTimeoutMs: 1 }, () => {
      const answer = answers.shift() ?? false;
      asked.push(answer);
      return answer;
    });
    await (await engine).closed;
    expect([asked, log.slice(1)]).toStrictEqual([
      [true, false],
      ['engine stops: idle', 'engine stopped'],
    ]);
  });

  it('stops when asked over its API', async () => {
    await using folder = await engineFolder();
    const { engine, log } = start(folder);
    const { state, closed } = await engine;
    expect(await callEngine(state, 'StopEngine', {})).toStrictEqual({});
    await closed;
    expect(log.slice(1)).toStrictEqual(['engine stops: asked to stop', 'engine stopped']);
  });
});
