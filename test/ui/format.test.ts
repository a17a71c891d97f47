import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDateTime,
  formatDollars,
  formatDuration,
  formatRate,
  plural,
} from '../../src/ui/format.js';

describe('format', () => {
  it.each([
    [0, '0 ms'],
    [0.004, '4 µs'],
    [0.0001, '1 µs'],
    [0.25, '0.3 ms'],
    [4, '4 ms'],
    [9.96, '10 ms'],
    [42.4, '42 ms'],
    [999.6, '1 s'],
    [1234, '1.2 s'],
    [59_960, '1 min'],
    [184_000, '3 min 4 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-42, '-42 ms'],
    [Number.NaN, '-'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('groups counts by thousands', () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toStrictEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('has plurals right', () => {
    expect([plural(1, 'record'), plural(2, 'batch'), plural(0, 'retry'), plural(3, 'day')]).toStrictEqual([
      '1 record',
      '2 batches',
      '0 retries',
      '3 days',
    ]);
  });

  it('writes sizes in decimal units', () => {
    expect([999, 1500, 2_000_000, 3.2e9, 5e12].map(formatBytes)).toStrictEqual([
      '999 B',
      '1.5 kB',
      '2 MB',
      '3.2 GB',
      '5000 GB',
    ]);
  });

  it('writes rates and amounts', () => {
    expect([3.4, 12_400].map(formatRate)).toStrictEqual(['3.4/s', '12,400/s']);
    expect([0, 0.0000042, 0.042, 1.5].map(formatDollars)).toStrictEqual([
      '$0',
      '$0.0000042',
      '$0.042',
      '$1.50',
    ]);
  });

  it('writes times in UTC', () => {
    const at = Date.UTC(2026, 10, 23, 14, 3, 7);
    expect([formatClock(at, true), formatDateTime(at, true), formatClock(0, true)]).toStrictEqual([
      '14:03:07Z',
      '2026-11-23 14:03:07Z',
      '-',
    ]);
  });

  it('writes times in local time', () => {
    expect(formatDateTime(new Date(2026, 0, 2, 3, 4, 5).getTime(), false)).toBe('2026-01-02 03:04:05');
  });
});
