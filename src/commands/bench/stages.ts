// Which core measures each stage and which renderer shows it. Each is loaded when it runs.
import { randomBytes } from 'node:crypto';
import { SHAPES, type ShapeName } from '../../bench/decode/shapes.js';
import type { Stage } from '../../bench/report.js';
import type { LoadedConfig } from '../../config.js';
import { usageError } from '../../errors.js';
import {
  renderDecode,
  renderIngest,
  renderPipeline,
  renderStageHead,
  renderStartup,
} from '../../ui/bench.js';

import type { CommandContext } from '../context.js';
import type { BenchFlags } from './flags.js';

export interface StageRun {
  readonly result: unknown;
  /** The result for a person. */
  readonly lines: readonly string[];
}

type RunStage = (flags: BenchFlags, context: CommandContext, loaded: LoadedConfig) => Promise<StageRun>;

const STARTUP_RUNS = 11;
const INGEST_ROUNDS = 3;

const RUNNERS: Readonly<Record<Stage, RunStage>> = {
  async decode(flags, context) {
    const { benchDecode } = await import('../../bench/decode/bench-decode.js');
    const { sdkUnmarshall } = await import('../../bench/decode/sdk-unmarshall.js');
    const result = await benchDecode({
      unmarshall: sdkUnmarshall,
      now: () => performance.now(),
      signal: context.signal,
      ...(flags.shape === undefined ? {} : { shapes: flags.shape.map(shapeNamed) }),
    });
    const { shapes, event } = result;
    const head = renderStageHead(
      'decode',
      'a batch of 100, against unmarshall of @aws-sdk/util-dynamodb',
      context.terminal,
    );
    return {
      result: {
        ...Object.fromEntries(shapes.map(({ shape, ...figures }) => [shape, figures])),
        ...(event && { event }),
      },
      lines: [...head, ...renderDecode(result, context.terminal)],
    };
  },
  async ingest(flags, context) {
    const { benchIngest } = await import('../../bench/ingest/bench-ingest.js');
    const { records } = flags;
    const result = await benchIngest({ records, rounds: INGEST_ROUNDS, signal: context.signal });
    const what = 'a backlog from a loopback server of canned pages to JSON Lines';
    return {
      result,
      lines: [
        ...renderStageHead('ingest', what, context.terminal),
        ...renderIngest(result, context.terminal),
      ],
    };
  },
  async pipeline(flags, context, loaded) {
    const { runPipeline } = await import('../../bench/pipeline/run.js');
    const { resolveTarget } = await import('../../target/resolve.js');
    const target = await resolveTarget(flags, context, loaded);
    try {
      const result = await runPipeline({
        target,
        // A table of its own: neither the user's data nor another run's.
        table: `ddbcdc-bench-${randomBytes(4).toString('hex')}`,
        ratePerSecond: flags.rate,
        count: flags.count,
        signal: context.signal,
      });
      const head = renderStageHead(
        'pipeline',
        `from the write to the tail, on ${target.endpoint ?? target.region}`,
        context.terminal,
      );
      return { result, lines: [...head, ...renderPipeline(result, context.terminal)] };
    } finally {
      target.close();
    }
  },
  async startup(_flags, context) {
    const { benchStartup } = await import('../../bench/startup/run.js');
    const result = await benchStartup({ runs: STARTUP_RUNS, signal: context.signal });
    const head = renderStageHead('startup', 'whole processes, in turn', context.terminal);
    return { result, lines: [...head, ...renderStartup(result, context.terminal)] };
  },
};

export function runStage(
  stage: Stage,
  flags: BenchFlags,
  context: CommandContext,
  loaded: LoadedConfig,
): Promise<StageRun> {
  return RUNNERS[stage](flags, context, loaded);
}

function shapeNamed(name: string): ShapeName {
  const shape = SHAPES.find((known) => known === name);
  if (shape === undefined) {
    throw usageError(
      'bench.unknownShape',
      `there is no shape "${name}"`,
      `the shapes are ${SHAPES.join(', ')}`,
    );
  }
  return shape;
}
