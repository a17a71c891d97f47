import { usageError } from '../../errors.js';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?[smhd])+$/;
/** Only full dates and times: `Date.parse` alone takes `10` for a month. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** `10m`, `2h`, `1h30m` back from `now`, or an ISO time, in ms since the epoch. Throws `tail.since` (exit 2). */
export function parseSince(text: string, now: number): number {
  const at = DURATION.test(text)
    ? now - parseDuration(text)
    : ISO_TIME.test(text)
      ? Date.parse(text.replace(' ', 'T'))
      : Number.NaN;
  if (Number.isNaN(at)) {
    throw usageError(
      'tail.since',
      `--since takes a duration or a time, not "${text}"`,
      'write 10m, 2h, 1h30m or 2026-11-23T09:00:00Z',
    );
  }
  if (at > now) {
    throw usageError('tail.since', `--since ${text} is in the future`, 'for new changes: --from latest');
  }
  return at;
}

function parseDuration(text: string): number {
  let ms = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) {
    ms += Number(amount) * (UNITS[unit] ?? 0);
  }
  return ms;
}
