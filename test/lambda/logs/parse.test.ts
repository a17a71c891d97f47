import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogMessage } from '../../../src/lambda/logs/parse.js';
import { logFixture } from './fixture.js';

const ID = '3604209a-e9a3-11e6-939a-754dd98c7be3';

describe('a log line', () => {
  it('is known by what it is, in the text format', () => {
    expect(logFixture().map(({ message }) => parseLogMessage(message).type)).toStrictEqual([
      ...['platform', 'platform', 'change', 'batch', 'platform', 'report'],
      ...['platform', 'text', 'error', 'batch', 'platform', 'report'],
      ...['platform', 'error', 'batch', 'platform', 'report'],
      ...['platform', 'error', 'platform', 'report'],
      ...['platform', 'error', 'platform', 'report'],
    ]);
  });

  it('gives the report in text and in JSON alike', () => {
    const report = {
      type: 'report',
      report: {
        requestId: ID,
        durationMs: 4.21,
        billedMs: 130,
        memoryMb: 256,
        maxMemoryMb: 71,
        initMs: 124.84,
        status: 'error',
        errorType: 'Runtime.ExitError',
      },
    };
    const text = `REPORT RequestId: ${ID}\tDuration: 4.21 ms\tBilled Duration: 130 ms\tMemory Size: 256 MB\tMax Memory Used: 71 MB\tInit Duration: 124.84 ms\tStatus: error\tError Type: Runtime.ExitError\n`;
    const json = {
      time: '2026-11-23T12:00:00.000Z',
      type: 'platform.report',
      record: {
        requestId: ID,
        metrics: {
          durationMs: 4.21,
          billedDurationMs: 130,
          memorySizeMB: 256,
          maxMemoryUsedMB: 71,
          initDurationMs: 124.84,
        },
        status: 'error',
        errorType: 'Runtime.ExitError',
      },
    };
    expect(parseLogMessage(text)).toStrictEqual(report);
    expect(parseLogMessage(JSON.stringify(json))).toStrictEqual(report);
  });

  it.each([
    [
      `2026-11-23T12:00:05.100Z ${ID} Task timed out after 3.00 seconds\n\n`,
      { kind: 'timeout', requestId: ID, message: 'Task timed out after 3.00 seconds' },
    ],
    [
      `{"timestamp":"2026-11-23T12:00:05.100Z","level":"ERROR","requestId":"${ID}","message":"Task timed out after 3.00 seconds"}`,
      { kind: 'timeout', requestId: ID, message: 'Task timed out after 3.00 seconds' },
    ],
    [
      `RequestId: ${ID} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`,
      {
        kind: 'crash',
        requestId: ID,
        message: 'Runtime exited with error: signal: killed\nRuntime.ExitError',
      },
    ],
    [
      `2026-11-23T12:00:06.000Z\t${ID}\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"no","stack":[]}\n`,
      { kind: 'error', requestId: ID, message: 'Error: no' },
    ],
    [
      `{"timestamp":"2026-11-23T12:00:06.000Z","level":"ERROR","requestId":"${ID}","message":{"errorType":"Error","errorMessage":"no","stack":[]}}`,
      { kind: 'error', requestId: ID, message: 'Error: no' },
    ],
    [
      `2026-11-23T12:00:06.000Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Runtime.ImportModuleError","errorMessage":"Cannot find module 'x'"}\n`,
      { kind: 'crash', message: "Runtime.ImportModuleError: Cannot find module 'x'" },
    ],
    [
      'error running docker: Error while fetching server API version\n',
      { kind: 'error', message: 'error running docker: Error while fetching server API version' },
    ],
    [
      'Runtime.ImportModuleError: no module',
      { kind: 'error', message: 'Runtime.ImportModuleError: no module' },
    ],
    [`2026-11-23T12:00:06.000Z\t${ID}\tERROR\tmine {`, { kind: 'error', requestId: ID, message: 'mine {' }],
  ])('is an error: %j', (message, error) => {
    expect(parseLogMessage(message)).toStrictEqual({ type: 'error', error });
  });

  it('names the record that could not be decoded, and why', () => {
    expect(parseLogMessage(logFixture()[8]?.message ?? '')).toStrictEqual({
      type: 'error',
      error: {
        kind: 'undecodable',
        requestId: '22222222-e9a3-11e6-939a-754dd98c7be3',
        seq: '100000000000000000102',
        message: 'Id: expected N (32-bit integer), received N "1.5"',
      },
    });
  });

  it('is text when it is nothing known', () => {
    expect(parseLogMessage('hello\n')).toStrictEqual({ type: 'text', text: 'hello' });
    const info = `2026-11-23T12:00:06.000Z\t${ID}\tINFO\terror rate: 0`;
    expect(parseLogMessage(info)).toStrictEqual({ type: 'text', requestId: ID, text: 'error rate: 0' });
    expect(parseLogMessage('errors: 0')).toStrictEqual({ type: 'text', text: 'errors: 0' });
    expect(parseLogMessage('{"a":1}')).toStrictEqual({ type: 'text', text: '{"a":1}' });
    expect(parseLogMessage('REPORT of the day')).toStrictEqual({ type: 'text', text: 'REPORT of the day' });
  });

  it('never throws', () => {
    const known = fc.constantFrom(...logFixture().map(({ message }) => message));
    const damaged = fc
      .tuple(known, fc.nat({ max: 400 }), fc.string())
      .map(([text, at, insert]) => text.slice(0, at) + insert + text.slice(at + insert.length));
    const types = [
      'ddbcdc.batch',
      'ddbcdc.change',
      'ddbcdc.undecodable',
      'ddbcdc.failure',
      'platform.report',
    ];
    const json = fc
      .record({
        type: fc.constantFrom(...types),
        record: fc.json().map((text) => JSON.parse(text)),
        issues: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), damaged, json),
        (message) => void parseLogMessage(message),
      ),
    );
  });
});
