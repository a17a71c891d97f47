import { readFile } from 'node:fs/promises';

/**
 * Bytes of memory that a process holds, or undefined where that cannot be read cheaply: Linux only. Elsewhere V8's
 * own limit and what the child reports of itself stand alone.
 */
export async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
