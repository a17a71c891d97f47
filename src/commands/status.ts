import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseTable, DEFAULT_FUNCTION, type LoadedConfig, loadConfig } from '../config.js';
import { EXIT } from '../errors.js';
import { type EngineStatus, engineStatus } from '../local/daemon/status.js';
import { resolveDataDir } from '../local/data-dir.js';
import { explainError } from '../provision/explain-error.js';
import { listStacks } from '../provision/list-stacks.js';
import type { Remedies } from '../provision/plan/problems.js';
import { servesLambda } from '../provision/probe.js';
import { resourceContext } from '../provision/resources/make-context.js';
import { readStatus, type StackStatus, stoppedStatus } from '../provision/status.js';
import { chooseTarget } from '../target/choose.js';
import { resolveTarget } from '../target/resolve.js';
import type { Target } from '../target/target.js';
import { renderStacks } from '../ui/provision/stacks.js';
import { renderStatus } from '../ui/provision/status.js';
import { showScreen } from '../ui/provision/watch.js';
import type { CommandContext, TargetFlags } from './context.js';
import { initCommand, targetWords } from './hints.js';
import { statusDocument } from './status/document.js';

export interface StatusFlags extends TargetFlags {
  readonly table?: string;
  readonly function?: string;
  readonly all?: boolean;
  readonly check?: boolean;
  readonly watch?: boolean;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/** Exit 0; with `--check` 4 when anything is unhealthy. Never starts an engine: a stopped one is a state too. */
export async function runStatus(flags: StatusFlags, context: CommandContext): Promise<number> {
  const loaded = await loadConfig(context.cwd);
  const isLocal = chooseTarget(flags, context.env, loaded.config).kind === 'local';
  const dataDir = resolveDataDir(flags.dataDir, context.env, loaded, context.cwd);
  const localCodeSha256 = flags.all === true ? undefined : await localBundleHash(loaded);
  let healthy = true;
  for (;;) {
    const engine = isLocal ? await engineStatus(dataDir, context.signal) : undefined;
    if (flags.all === true) {
      await showAll(flags, context, loaded, engine);
      return EXIT.done;
    }
    const stack = chooseTable(flags.table, context.env, loaded.config);
    const { status, kind, region } =
      engine?.running === false
        ? { status: stoppedStatus(stack, engine), kind: 'local' as const, region: null }
        : await look(flags, context, loaded, stack, engine, localCodeSha256);
    healthy = status.problems.length === 0;
    if (context.terminal.json) await context.terminal.printJson(statusDocument(status, kind, region));
    else
      await showScreen(
        context.terminal,
        renderStatus(status, context.now(), context.terminal),
        flags.watch === true,
      );
    if (flags.watch !== true) break;
    // Ctrl-C is how a watch ends.
    await sleep(flags.interval, undefined, { signal: context.signal }).catch(() => {});
    if (context.signal.aborted) break;
  }
  return flags.check === true && !healthy ? EXIT.expectation : EXIT.done;
}

async function look(
  flags: StatusFlags,
  context: CommandContext,
  loaded: LoadedConfig,
  stack: string,
  engine: EngineStatus | undefined,
  localCodeSha256: string | undefined,
): Promise<{ status: StackStatus; kind: Target['kind']; region: string }> {
  const target = await resolveTarget(flags, context, loaded);
  try {
    const resources = resourceContext(target, loaded, context.signal);
    const saved = loaded.config.table === stack ? loaded.config.function : undefined;
    const functionName = flags.function ?? saved;
    const status = await readStatus(resources, {
      stack,
      ...(functionName === undefined ? {} : { functionName }),
      fallbackFunction: DEFAULT_FUNCTION,
      functionsServed: target.kind !== 'endpoint' || (await servesLambda(resources)),
      ...(localCodeSha256 === undefined ? {} : { localCodeSha256 }),
      ...(engine === undefined ? {} : { engine }),
      adopted: loaded.config.adopted === stack,
      remedies: remediesFor(flags, stack, loaded),
      now: context.now(),
    });
    return { status, kind: target.kind, region: target.region };
  } catch (error) {
    throw explainError(error, `the stack ${stack}`);
  } finally {
    target.close();
  }
}

/** The commands that mend this stack from here. A table that no flag names is found again without one. */
function remediesFor(flags: StatusFlags, stack: string, { config }: LoadedConfig): Remedies {
  const ofFunction = flags.function === undefined ? [] : [`--function ${flags.function}`];
  const where = targetWords(flags);
  return {
    init:
      flags.table === undefined
        ? ['ddbcdc init', ...ofFunction, ...where].join(' ')
        : initCommand(stack, flags, config, ...ofFunction),
    logs: ['ddbcdc logs --errors', ...ofFunction, ...where].join(' '),
  };
}

async function showAll(
  flags: StatusFlags,
  context: CommandContext,
  loaded: LoadedConfig,
  engine: EngineStatus | undefined,
): Promise<void> {
  const stacks = engine?.running === false ? [] : await readAll(flags, context, loaded);
  if (context.terminal.json)
    await context.terminal.printJson({ stacks, ...(engine === undefined ? {} : { engine }) });
  else for (const line of renderStacks(stacks, context.terminal)) await context.terminal.print(line);
}

async function readAll(flags: StatusFlags, context: CommandContext, loaded: LoadedConfig) {
  const target = await resolveTarget(flags, context, loaded);
  try {
    const resources = resourceContext(target, loaded, context.signal);
    return await listStacks(resources, {
      region: target.region,
      functionsServed: target.kind !== 'endpoint' || (await servesLambda(resources)),
      roles: target.kind === 'aws',
    });
  } catch (error) {
    throw explainError(error, 'the stacks');
  } finally {
    target.close();
  }
}

/** Status must not fail because a model does not compile: then nothing is said of the code. */
async function localBundleHash({ config, projectDir }: LoadedConfig): Promise<string | undefined> {
  try {
    const { bundleHandler } = await import('../lambda/bundle/index.js');
    const bundle = await bundleHandler({
      ...(config.model === undefined ? {} : { modelPath: resolve(projectDir, config.model) }),
      ...(config.handler === undefined ? {} : { handlerPath: resolve(projectDir, config.handler) }),
    });
    return bundle.codeSha256;
  } catch {
    return undefined;
  }
}
