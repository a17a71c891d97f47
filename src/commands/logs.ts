import { DEFAULT_FUNCTION, loadConfig } from '../config.js';
import { EXIT } from '../errors.js';
import type { FunctionLogOptions } from '../lambda/logs/index.js';
import { functionNameOf } from '../lambda/logs/index.js';
import { resolveTarget } from '../target/resolve.js';
import type { Target } from '../target/target.js';
import { translateAwsError } from '../target/translate-error.js';
import type { CommandContext, TargetFlags } from './context.js';
import { printLog } from './logs/print-log.js';
import { printRawLog } from './logs/print-raw.js';

export interface LogsFlags extends TargetFlags {
  readonly function?: string;
  /** ms. */
  readonly since?: number;
  readonly follow?: boolean;
  readonly limit?: number;
  readonly errors?: boolean;
  readonly models?: boolean;
  readonly raw?: boolean;
  readonly utc?: boolean;
}

/** CloudWatch keeps logs for years and reads them slowly; the embedded engine's log is this project's own. */
const DEFAULT_SINCE_MS = 3_600_000;

/** Exit 0, also after Ctrl-C while following; 3 when there is no such function. */
export async function runLogs(flags: LogsFlags, context: CommandContext): Promise<number> {
  const loaded = await loadConfig(context.cwd);
  const functionName = functionNameOf(flags.function ?? loaded.config.function ?? DEFAULT_FUNCTION);
  const target = await resolveTarget(flags, context, loaded);
  try {
    const source: FunctionLogOptions = {
      logs: await target.clients.logs(),
      lambda: () => target.clients.lambda(),
      functionName,
      since: sinceOf(flags, target, context),
      follow: flags.follow === true,
      changes: flags.models === true || flags.raw === true,
      loopback: target.loopback,
      signal: context.signal,
      now: context.now,
    };
    const place = target.kind === 'aws' ? `aws ${target.region}` : (target.endpoint ?? target.kind);
    if (flags.raw === true) await printRawLog(source, flags, context);
    else await printLog(source, target.kind === 'local' ? 'local engine' : place, flags, context);
    return EXIT.done;
  } catch (error) {
    // Ctrl-C, or a closed stdout: while following that is the ordinary end.
    if (context.signal.aborted) return flags.follow === true ? EXIT.done : EXIT.interrupted;
    throw translateAwsError(error, `the log of ${functionName}`);
  } finally {
    target.close();
  }
}

function sinceOf(flags: LogsFlags, target: Target, context: CommandContext): number {
  const { since = target.loopback ? undefined : DEFAULT_SINCE_MS } = flags;
  return since === undefined ? 0 : Math.max(0, context.now() - since);
}
