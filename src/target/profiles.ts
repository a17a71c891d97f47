// Whether an AWS profile exists. The SDK passes over one that does not and says that it found no credentials.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CliError, EXIT } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** `[profile work]`, `[work]`, `[profile "my work"]`. Sections of other kinds have names of their own. */
const SECTION = /^\s*\[\s*(?:profile\s+)?(["']?)([^\]"']+?)\1\s*\]/;
const OTHER_SECTION = /^\s*\[\s*(?:sso-session|services)\s/;
const MOST_NAMES = 8;

/**
 * Throws `config.noProfile` (exit 3) with the files that were looked in when the profile, or that of AWS_PROFILE, is in
 * none of them. `default` may be missing.
 */
export async function requireProfile(profile: string | undefined, env: Environment): Promise<void> {
  const name = profile ?? env.AWS_PROFILE;
  if (name === undefined || name === '' || name === 'default') return;
  const home = env.HOME || env.USERPROFILE || homedir();
  const files = [
    env.AWS_CONFIG_FILE || join(home, '.aws', 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE || join(home, '.aws', 'credentials'),
  ];
  const known = new Set((await Promise.all(files.map(readNames))).flat());
  if (known.has(name)) return;
  const others = [...known].slice(0, MOST_NAMES).join(', ');
  throw new CliError('config.noProfile', `there is no AWS profile ${name} in ${files.join(' or ')}`, {
    exitCode: EXIT.precondition,
    hint: others === '' ? `make it: aws configure --profile ${name}` : `the profiles there: ${others}`,
  });
}

async function readNames(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const name = OTHER_SECTION.test(line) ? undefined : SECTION.exec(line)?.[2];
    return name === undefined ? [] : [name];
  });
}
