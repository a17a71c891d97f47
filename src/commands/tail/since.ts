// `--since`: a duration back from now, or a date and time as a person writes it.
import { usageError } from '../../errors.js';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?[smhd])+$/;
/** Only full dates and times: `Date.parse` alone takes `10` for a month. */
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?[0-5]\d)?)?$/;

export interface SinceContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** True where times are shown in UTC: a time without a zone is meant as it would be shown. */
  readonly utc: boolean;
}

/**
 * `10m`, `2h`, `1h30m` back from now, or an ISO time, in ms since the epoch. A date alone is its midnight.
 * Throws `tail.since` (exit 2), also for a day that its month does not have.
 */
export function parseSince(text: string, { now, utc }: SinceContext): number {
  const at = DURATION.test(text) ? now - parseDuration(text) : parseTime(text, utc);
  if (at === undefined) {
    throw usageError(
      'tail.since',
      `--since takes a duration or a time, not "${text}"`,
      'write 10m, 2h, 1h30m, 2026-11-23T09:00 or 2026-11-23T09:00:00Z',
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

/** Not `Date.parse`: it takes 31 April for 1 May, and a date alone for UTC where a date with a time is local. */
function parseTime(text: string, utc: boolean): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const zone = match[8] ?? (utc ? 'Z' : undefined);
  const asUtc = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  if (asUtc.getUTCMonth() !== month - 1 || asUtc.getUTCDate() !== day) return undefined;
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
  return asUtc.getTime() - offsetMs(zone);
}

/** East of Greenwich is positive. */
function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
