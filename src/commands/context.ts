// What every command handler is given. Handlers read nothing from `process`, so that tests run them in process.
import type { Terminal } from '../ui/terminal.js';

export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C or SIGTERM, and by a closed stdout. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The flags that every command that talks to a target takes. */
export interface TargetFlags {
  readonly target?: 'local' | 'aws';
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly dataDir?: string;
  readonly port?: number;
}
