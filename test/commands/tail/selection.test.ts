import { describe, expect, it } from 'vitest';
import { defaultModel } from '../../../src/commands/tail/default-model.js';
import { tailExitCode } from '../../../src/commands/tail/exit-code.js';
import { createSelection, type SelectionFlags } from '../../../src/commands/tail/selection.js';
import { splitPatterns } from '../../../src/commands/tail/split-patterns.js';
import { sampleModel } from '../../../src/model/index.js';
import { makeChange, makeEnd, type RecordParts, sampleImage } from '../../ui/tail/make-events.js';

function selects(flags: SelectionFlags, parts: RecordParts = {}): boolean {
  const { change, record } = makeChange(parts);
  return createSelection(flags).select(change, record);
}

describe('createSelection', () => {
  it('chooses by event', () => {
    expect([selects({ event: 'insert,REMOVE' }), selects({ event: 'MODIFY' })]).toStrictEqual([true, false]);
  });

  it('chooses by key, numbers in any notation', () => {
    expect([
      selects({ key: ['Id=42'] }),
      selects({ key: ['Id=42.0'] }),
      selects({ key: ['Id=4.2e1'] }),
      selects({ key: ['Id=43'] }),
      selects({ key: ['Other=42'] }),
      selects({ key: ['toString=x'] }),
    ]).toStrictEqual([true, true, true, false, false, false]);
  });

  it('takes values of one attribute as alternatives, and different attributes together', () => {
    const keys = { pk: { S: 'a=b' }, sk: { B: Uint8Array.from([1, 2]) } };
    expect([
      selects({ key: ['Id=41', 'Id=42'] }),
      selects({ key: ['pk=a=b', 'sk=AQI='] }, { keys }),
      selects({ key: ['pk=a=b', 'sk=AQM='] }, { keys }),
    ]).toStrictEqual([true, true, false]);
  });

  it('chooses by filter, which can be replaced', () => {
    const selection = createSelection({ filter: ['{"eventName":["MODIFY"]}'] });
    const { change, record } = makeChange();
    expect(selection.select(change, record)).toBe(false);
    selection.replaceFilter('{"eventName":["REMOVE"]} {"eventName":["INSERT"]}');
    expect(selection.select(change, record)).toBe(true);
    expect(selection.patterns).toHaveLength(2);
    selection.replaceFilter('');
    expect(selection.patterns).toStrictEqual([]);
    expect(selection.select(change, record)).toBe(true);
  });

  it('says what is wrong with a filter before it is put in force', () => {
    const selection = createSelection({});
    expect(selection.checkFilter('{"eventName":["INSERT"]}')).toBe(true);
    expect(selection.checkFilter('')).toBe(true);
    const nonsense = selection.checkFilter("'{}'");
    expect(nonsense).toContain('is not JSON');
    expect(nonsense).toContain('such as {"eventName":["INSERT"]}, without quotes');
    expect(nonsense).not.toContain('shell');
    expect(selection.checkFilter('{"eventName":[{"wildcard":"*"}]}')).toContain(
      'unknown operator "wildcard"',
    );
  });

  it.each<[SelectionFlags, string]>([
    [{ event: 'UPSERT' }, 'tail.event'],
    [{ event: '' }, 'tail.event'],
    [{ key: ['Id'] }, 'tail.key'],
    [{ key: ['=42'] }, 'tail.key'],
    [{ filter: ['x'] }, 'filter.json'],
  ])('refuses %j with exit 2', (flags, code) => {
    expect(() => createSelection(flags)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });
});

describe('splitPatterns', () => {
  it('splits objects, braces in text included', () => {
    expect(splitPatterns(' {"a":["}"]}  {"b":{"c":["\\"}"]}} ')).toStrictEqual([
      '{"a":["}"]}',
      '{"b":{"c":["\\"}"]}}',
    ]);
  });

  it('gives back what is no object', () => {
    expect(splitPatterns('{"a":["b"]} x')).toStrictEqual(['{"a":["b"]}', 'x']);
    expect(splitPatterns('{"a"')).toStrictEqual(['{"a"']);
  });
});

describe('defaultModel', () => {
  it('is the sample model for the sample shape', () => {
    expect(defaultModel('SampleStreamTable', {})).toBe(sampleModel);
    expect(defaultModel('Mine', { table: 'Mine', partitionKey: 'Id:N' })).toBe(sampleModel);
    expect(defaultModel('Mine', { table: 'Mine', partitionKey: 'pk:S' })).toBeUndefined();
    expect(defaultModel('Mine', { table: 'Mine', partitionKey: 'Id:N', sortKey: 'at:N' })).toBeUndefined();
  });

  it('goes by the images of a table that nothing is known of', () => {
    const model = defaultModel('Other', { table: 'Mine', partitionKey: 'Id:N' });
    expect(model?.decode(sampleImage(1))).toStrictEqual({
      ok: true,
      value: { id: 1, entityType: 'Message', message: 'A message for Id 1' },
    });
    expect(model?.decode({ Id: { N: '1' } })).toStrictEqual({ ok: true, value: undefined });
  });
});

describe('tailExitCode', () => {
  const stated = { failOnGap: false };
  it.each([
    ['done', makeEnd(), stated, 0],
    ['expected', makeEnd({ reason: 'expected' }), { ...stated, expect: 600 }, 0],
    ['too few in the time', makeEnd({ reason: 'time' }), { ...stated, expect: 600 }, 4],
    ['too few at the end', makeEnd({ reason: 'drained' }), { ...stated, expect: 600 }, 4],
    ['a gap that nobody minds', makeEnd({ gaps: 1 }), stated, 0],
    ['a gap', makeEnd({ gaps: 1, reason: 'gap' }), { failOnGap: true }, 4],
    ['a stall', makeEnd({ reason: 'stall' }), { ...stated, failOnStallMs: 1 }, 4],
  ])('%s', (_name, end, plan, exitCode) => {
    expect(tailExitCode(end, plan)).toBe(exitCode);
  });
});
