// Where this package's own compiled files are. Child processes and bundles need a path to plain JavaScript, both when
// this module runs compiled (dist/) and when a test runner loads it from src/: the two folders are siblings.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The absolute path of a compiled module, given relative to `dist/`, such as `local/daemon/main.js`. */
export function compiledFile(relativePath: string): string {
  return join(PACKAGE_ROOT, 'dist', relativePath);
}

/** The version in this package's `package.json`. */
export function packageVersion(): string {
  // A cast at a parsing boundary: npm guarantees the field in an installed package.
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string })
    .version;
}

/** The executable that `npx ddbcdc` runs. */
export function commandLineFile(): string {
  return join(PACKAGE_ROOT, 'bin', 'ddbcdc.js');
}
