// The texts of init's flags as values, each with an error that names the flag and the rule. Pure.
import { isTableName, TABLE_NAME_RULE } from '../config.js';
import { type CliError, usageError } from '../errors.js';
import { onFailureService } from './policy.js';
import type { KeyAttribute } from './stack.js';
import type { Tags } from './tags.js';

/** Days of retention that CloudWatch Logs takes. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The name of a table as DynamoDB allows it. */
export function parseTableName(text: string): string {
  if (!isTableName(text)) throw bad('--table', text, TABLE_NAME_RULE);
  return text;
}

/** The name of a function as Lambda allows it. */
export function parseFunctionName(text: string): string {
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(text)) {
    throw bad('--function', text, 'a function name has 1 to 64 of a-z, A-Z, 0-9, _ and -');
  }
  return text;
}

/** `Id:N`: an attribute's name and its type S, N or B. The last colon parts them. */
export function parseKey(flag: string, text: string): KeyAttribute {
  const match = /^(.{1,255}):([SNB])$/s.exec(text);
  const type = match?.[2];
  if (match === null || (type !== 'S' && type !== 'N' && type !== 'B')) {
    throw bad(
      flag,
      text,
      'a key is written name:type with the type S (text), N (number) or B (binary), as in Id:N',
    );
  }
  return { name: match[1] ?? '', type };
}

/** Whole seconds, with or without a unit: `30`, `30s`, `10m`, `24h`, `7d`; also -1 where it means "without end". */
export function parseSeconds(
  flag: string,
  text: string,
  range: { readonly min: number; readonly max: number; readonly endless?: boolean },
): number {
  if (range.endless === true && text === '-1') return -1;
  const match = /^(\d+)([smhd]?)$/.exec(text);
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] ?? '-'];
  const seconds = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
  if (!(seconds >= range.min && seconds <= range.max)) {
    const endless = range.endless === true ? ', or -1 for no limit' : '';
    throw bad(flag, text, `it takes ${range.min} to ${range.max} seconds, as in 30s, 10m or 2h${endless}`);
  }
  return seconds;
}

export function parseRetention(days: number): number {
  if (!RETENTION_DAYS.includes(days)) {
    throw bad(
      '--log-retention',
      String(days),
      `CloudWatch Logs keeps logs for ${RETENTION_DAYS.join(', ')} days`,
    );
  }
  return days;
}

export function parseOnFailure(arn: string): string {
  if (onFailureService(arn) === undefined) {
    throw bad('--on-failure', arn, 'it takes the ARN of an SQS queue, an SNS topic or an S3 bucket');
  }
  if (arn.endsWith('.fifo')) {
    throw bad('--on-failure', arn, 'Lambda sends to standard queues and topics only, not to FIFO ones');
  }
  return arn;
}

export function parseRoleArn(arn: string): string {
  if (!/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/.test(arn)) {
    throw bad('--role-arn', arn, 'it takes the ARN of a role, such as arn:aws:iam::123456789012:role/name');
  }
  return arn;
}

/** `k=v` texts. Later ones win. */
export function parseTags(texts: readonly string[]): Tags {
  const tags: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const key = text.slice(0, Math.max(at, 0));
    if (at < 1 || key.length > 128 || text.length - at - 1 > 256) {
      throw bad('--tag', text, 'a tag is written key=value, with up to 128 and 256 characters');
    }
    // What every service takes; some take more.
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)) {
      throw bad('--tag', text, 'a tag has letters, digits, blanks and _ . : / = + - @');
    }
    if (/^(aws|ddbcdc):/i.test(key)) {
      throw bad('--tag', text, 'tags that begin with aws: or ddbcdc: are not free');
    }
    tags[key] = text.slice(at + 1);
  }
  return tags;
}

function bad(flag: string, text: string, rule: string): CliError {
  return usageError('init.badFlag', `${flag} ${text}: ${rule}`);
}
