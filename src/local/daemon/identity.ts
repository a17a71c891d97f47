// What stays the same for a data folder over all engines that serve it, so that exported variables stay valid.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { IDENTITY_FILE, readJson, writePrivate } from './files.js';

export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** The port of the last engine; 0 before the first. */
  readonly port: number;
}

/** Reads the folder's identity, or makes one with random keys in the given region. */
export async function loadIdentity(dataDir: string, region: string): Promise<Identity> {
  const value = await readJson(join(dataDir, IDENTITY_FILE));
  const { accessKeyId, secretAccessKey, region: saved, port } = value ?? {};
  if (
    typeof accessKeyId === 'string' &&
    typeof secretAccessKey === 'string' &&
    typeof saved === 'string' &&
    typeof port === 'number'
  ) {
    return { accessKeyId, secretAccessKey, region: saved, port };
  }
  const identity = {
    // AWS's own keys begin with AKIA or ASIA: this one cannot be taken for one of them.
    accessKeyId: `DDBCDC${randomBytes(7).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
    region,
    port: 0,
  };
  await saveIdentity(dataDir, identity);
  return identity;
}

export function saveIdentity(dataDir: string, identity: Identity): Promise<void> {
  return writePrivate(join(dataDir, IDENTITY_FILE), identity);
}
