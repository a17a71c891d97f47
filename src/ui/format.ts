// How durations, counts, sizes and times read. Pure; the same words in every command.

/** `4 µs`, `0.4 ms`, `42 ms`, `1.2 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '-';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms > 0 && ms < 0.0995) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 9.95) return `${trimZero(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimZero((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 1, 's');
  if (seconds < 86_400) return twoUnits(seconds, 3600, 'h', 60, 'min');
  return twoUnits(seconds, 86_400, 'd', 3600, 'h');
}

/** `100,000`: grouped by thousands, whatever the locale. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 record`, `2 records`, `0 batches`, `3 retries`. Give `many` where the plural is not regular. */
export function plural(count: number, one: string, many = pluralOf(one)): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `24 B`, `1.5 kB`, `3.2 MB`: decimal units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  for (const [unit, size] of [
    ['kB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
  ] as const) {
    if (bytes < size * 999.95 || unit === 'GB') return `${trimZero((bytes / size).toFixed(1))} ${unit}`;
  }
  return `${bytes} B`;
}

/** `12,400/s`, `3.4/s`. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '-';
  return `${perSecond < 10 ? trimZero(perSecond.toFixed(1)) : formatCount(perSecond)}/s`;
}

/** `$0.0042`, `$1.50`; small amounts have two significant digits. */
export function formatDollars(amount: number): string {
  if (amount === 0) return '$0';
  if (amount >= 0.995) return `$${amount.toFixed(2)}`;
  const decimals = Math.min(10, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(decimals).replace(/0+$/, '')}`;
}

/** Time of day, `14:03:07`, in local time, or `14:03:07Z` in UTC. `-` for a change without a time (0). */
export function formatClock(epochMs: number, utc: boolean): string {
  if (epochMs === 0) return '-';
  const date = new Date(epochMs);
  if (utc) return `${date.toISOString().slice(11, 19)}Z`;
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** Date and time, `2026-11-23 14:03:07`, local or with `Z` in UTC. */
export function formatDateTime(epochMs: number, utc: boolean): string {
  if (epochMs === 0) return '-';
  const date = new Date(epochMs);
  if (utc) return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
  return `${day} ${formatClock(epochMs, false)}`;
}

function pluralOf(one: string): string {
  if (/[^aeiou]y$/.test(one)) return `${one.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(one) ? `${one}es` : `${one}s`;
}

function twoUnits(
  seconds: number,
  bigSize: number,
  bigUnit: string,
  smallSize: number,
  smallUnit: string,
): string {
  const big = Math.floor(seconds / bigSize);
  const small = Math.floor((seconds % bigSize) / smallSize);
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

function trimZero(text: string): string {
  return text.replace(/\.0+$/, '');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
