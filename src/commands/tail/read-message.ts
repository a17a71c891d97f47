// The text of `--dlq`: the message itself, or the file that holds it.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../../errors.js';

const HINT = 'aws sqs receive-message --queue-url … > message.json, then --dlq message.json';

/** What begins as JSON is the message; anything else names a file. Throws `tail.dlq` (exit 2). */
export async function readMessage(given: string, cwd: string): Promise<string> {
  if (given.trim() === '') {
    // What `aws sqs receive-message` prints when it got nothing.
    throw usageError('tail.dlq', '--dlq is empty: the queue may have had no message to give', HINT);
  }
  if (/^\s*[{["]/.test(given)) return given;
  try {
    return await readFile(resolve(cwd, given), 'utf8');
  } catch {
    throw usageError(
      'tail.dlq',
      `--dlq takes the JSON text of an on-failure message or a file that holds it; "${shorten(given)}" is neither`,
      HINT,
    );
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
