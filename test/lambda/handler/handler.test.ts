import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineModel, type StreamRecord, string } from '../../../src/model/index.js';
import { eventFixture, handle, NOW } from './fixture.js';

const HEAD = { timestamp: '2026-11-23T12:00:00.000Z', requestId: '3604209a-e9a3-11e6-939a-754dd98c7be3' };

describe('the handler', () => {
  it('logs every change with its model, names the undecodable record, and accounts for the batch', async () => {
    const { lines, response } = await handle(eventFixture('lambda-event'));
    expect(response).toStrictEqual({ batchItemFailures: [] });
    expect(lines).toHaveLength(6);
    expect(lines[0]).toStrictEqual({
      ...HEAD,
      level: 'INFO',
      message: 'change',
      type: 'ddbcdc.change',
      event: 'INSERT',
      seq: '4421584500000000017450439091',
      modelName: 'SampleModel',
      model: { id: 101, entityType: 'Message', message: 'New item!' },
    });
    expect(lines[1]).toMatchObject({ event: 'MODIFY', model: { message: 'Item 101 has changed' } });
    // A removal has no new image: it is its keys, not a phantom { id: 0 }.
    expect(lines[2]).toStrictEqual({
      ...HEAD,
      level: 'INFO',
      message: 'change',
      type: 'ddbcdc.change',
      event: 'REMOVE',
      seq: '4421584500000000017450439093',
      modelName: 'SampleModel',
      keys: { Id: 101 },
      old: { Id: 101, Message: 'Item 101 has changed', EntityType: 'Message' },
    });
    expect(lines[3]).toMatchObject({ event: 'REMOVE', ttl: true, keys: { Id: 102 } });
    expect(lines[4]).toMatchObject({
      level: 'WARN',
      type: 'ddbcdc.undecodable',
      seq: '4421584500000000017450439095',
      eventId: 'e4da3b7fbbce2345d7772b0674a318d5',
      keys: { Id: 103 },
    });
    expect(lines[4]?.issues).toMatchObject([{ path: ['EntityType'] }, { path: ['Message'] }]);
    expect(lines[5]).toMatchObject({
      ...HEAD,
      level: 'WARN',
      message: 'batch',
      type: 'ddbcdc.batch',
      records: 5,
      undecodable: 1,
      failures: 0,
      iteratorAgeMs: NOW - 1_428_537_600_000,
      firstSeq: '4421584500000000017450439091',
      lastSeq: '4421584500000000017450439095',
    });
  });

  it('writes its lines at once', async () => {
    const { writes } = await handle(eventFixture('lambda-event'));
    expect(writes).toHaveLength(1);
  });

  it('writes an embedded metric document that CloudWatch takes', async () => {
    const { lines } = await handle(eventFixture('lambda-event'));
    const batch = lines.at(-1) as Record<string, unknown>;
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    const { _aws: metadata, ...root } = batch as {
      _aws: {
        Timestamp: number;
        CloudWatchMetrics: {
          Namespace: string;
          Dimensions: string[][];
          Metrics: { Name: string; Unit: string }[];
        }[];
      };
    } & Record<string, unknown>;
    expect(Object.keys(metadata)).toStrictEqual(['Timestamp', 'CloudWatchMetrics']);
    expect(metadata.Timestamp).toBe(NOW);
    expect(metadata.CloudWatchMetrics).toHaveLength(1);
    const [directive] = metadata.CloudWatchMetrics;
    expect(directive?.Namespace).toBe('ddbcdc');
    expect(directive?.Dimensions).toStrictEqual([['FunctionName']]);
    expect(root.FunctionName).toBe('sample-ddb-stream-handler');
    for (const { Name, Unit } of directive?.Metrics ?? []) {
      expect(typeof root[Name], Name).toBe('number');
      expect(['Count', 'Milliseconds']).toContain(Unit);
    }
    expect(directive?.Metrics.map(({ Name }) => Name)).toStrictEqual([
      'Records',
      'Undecodable',
      'Failures',
      'DecodeMs',
      'BatchMs',
      'IteratorAgeMs',
    ]);
    expect(root).toMatchObject({ Records: 5, Undecodable: 1, Failures: 0 });
  });

  it('logs a table of another shape generically, as reversible JSON', async () => {
    const { lines } = await handle(eventFixture('lambda-event-all-types'));
    expect(lines[0]).toMatchObject({
      event: 'INSERT',
      keys: { pk: 'user#1', sk: { $B: 'AAEC/w==' } },
      new: {
        big: { $N: '12345678901234567890123456789012345678' },
        tags: { $SS: ['red', 'green'] },
        sizes: { $NS: ['1', '12345678901234567890.5'] },
        blobs: { $BS: ['AQ==', 'Ag=='] },
        list: ['a', 1, { $M: { $N: 'not a tag' } }],
        nothing: null,
        empty: '',
      },
    });
    expect(JSON.stringify(lines[0])).toContain('"map":{"__proto__":"kept","constructor":1}');
    expect(lines[0]).not.toHaveProperty('modelName');
  });

  it('decodes with the given model', async () => {
    const model = defineModel({ text: string('Message') }, { name: 'Text' });
    const { lines } = await handle(eventFixture('lambda-event'), { modelFor: () => model });
    expect(lines[0]).toMatchObject({ modelName: 'Text', model: { text: 'New item!' } });
  });

  it('leaves the changes out when told so, and still names what it could not decode', async () => {
    const { lines } = await handle(eventFixture('lambda-event'), { env: { DDBCDC_LOG_MODELS: 'false' } });
    expect(lines.map(({ type }) => type)).toStrictEqual(['ddbcdc.undecodable', 'ddbcdc.batch']);
  });

  it('logs a batch without records, whatever the event is', async () => {
    expect((await handle({})).lines).toMatchObject([{ records: 0, iteratorAgeMs: 0 }]);
  });

  it('logs whatever comes as a record, and fails for none', async () => {
    const image = fc.dictionary(fc.constantFrom('Id', 'Message', '__proto__'), fc.jsonValue());
    const record = fc.oneof(
      fc.jsonValue(),
      fc.record({
        eventName: fc.constantFrom('INSERT', 'MODIFY', 'REMOVE', 7),
        dynamodb: fc.record({
          Keys: fc.oneof(image, fc.constant({ Id: { N: '1' } }), fc.jsonValue()),
          NewImage: fc.oneof(image, fc.jsonValue()),
          SequenceNumber: fc.oneof(fc.nat().map(String), fc.jsonValue()),
          ApproximateCreationDateTime: fc.jsonValue(),
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 5 }), async (records) => {
        // Cast: the point is that they are no records.
        const { response, lines } = await handle({ Records: records as StreamRecord[] });
        expect(response).toStrictEqual({ batchItemFailures: [] });
        expect(lines).toHaveLength(records.length + 1);
        expect(lines.at(-1)).toMatchObject({ records: records.length });
      }),
    );
  });

  it('omits the value of a change that is too large for one log event', async () => {
    const event = eventFixture('lambda-event');
    const [record] = event.Records ?? [];
    Object.assign(record?.dynamodb?.NewImage ?? {}, { Message: { S: 'é'.repeat(300_000) } });
    const { lines } = await handle({ Records: event.Records?.slice(0, 1) ?? [] });
    expect(lines[0]).toMatchObject({ type: 'ddbcdc.change', seq: '4421584500000000017450439091' });
    expect(lines[0]).not.toHaveProperty('model');
    expect(lines[0]?.omittedBytes).toBeGreaterThan(600_000);
  });
});

describe('a user handler', () => {
  it('is called once a batch with all changes in order, and its changes are not logged unasked', async () => {
    const seen: string[][] = [];
    const { lines, response } = await handle(eventFixture('lambda-event'), {
      onChanges: async (changes, context) => {
        seen.push([context.awsRequestId, ...changes.map(({ event }) => event)]);
      },
    });
    expect(seen).toStrictEqual([[HEAD.requestId, 'INSERT', 'MODIFY', 'REMOVE', 'REMOVE', 'INSERT']]);
    expect(response).toStrictEqual({ batchItemFailures: [] });
    expect(lines.map(({ type }) => type)).toStrictEqual(['ddbcdc.undecodable', 'ddbcdc.batch']);
    expect(lines.at(-1)).toMatchObject({ handlerMs: 0, failures: 0 });
  });

  it('has its changes logged before it runs when asked', async () => {
    const order: string[] = [];
    await handle(eventFixture('lambda-event'), {
      env: { DDBCDC_LOG_MODELS: 'true' },
      write: async (text) => {
        order.push(text.includes('ddbcdc.change') ? 'changes' : 'batch');
      },
      onChanges: async () => {
        order.push('handler');
      },
    });
    expect(order).toStrictEqual(['changes', 'handler', 'batch']);
  });

  it('fails the batch from its first change by a throw', async () => {
    const { lines, response } = await handle(eventFixture('lambda-event'), {
      onChanges: async () => {
        throw new RangeError('queue is full');
      },
    });
    expect(response).toStrictEqual({
      batchItemFailures: [{ itemIdentifier: '4421584500000000017450439091' }],
    });
    expect(lines.at(-2)).toMatchObject({
      level: 'ERROR',
      type: 'ddbcdc.failure',
      message: 'handler failed',
      errorType: 'RangeError',
      errorMessage: 'queue is full',
      retryFrom: '4421584500000000017450439091',
    });
    expect(lines.at(-1)).toMatchObject({
      level: 'ERROR',
      failures: 1,
      Failures: 1,
      retried: 5,
      retryFrom: '4421584500000000017450439091',
    });
  });

  it('fails the batch from the change that its error names', async () => {
    const { response } = await handle(eventFixture('lambda-event'), {
      onChanges: async (changes) => {
        throw Object.assign(new Error('no'), { sequenceNumber: changes[2]?.seq });
      },
    });
    expect(response).toStrictEqual({
      batchItemFailures: [{ itemIdentifier: '4421584500000000017450439093' }],
    });
  });

  it('reports the sequence numbers that it returns, in stream order', async () => {
    const { response } = await handle(eventFixture('lambda-event'), {
      onChanges: async (changes) => [changes[3]?.seq ?? '', changes[1]?.seq ?? ''],
    });
    expect(response).toStrictEqual({
      batchItemFailures: [
        { itemIdentifier: '4421584500000000017450439092' },
        { itemIdentifier: '4421584500000000017450439094' },
      ],
    });
  });
});
