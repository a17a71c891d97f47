// A bench report: figures by stage, with the machine that they were taken on, and where baselines are kept.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { CliError, EXIT } from '../errors.js';

export const STAGES = ['decode', 'ingest', 'pipeline', 'startup'] as const;
export type Stage = (typeof STAGES)[number];

export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
}

export interface BenchReport {
  readonly machine: Machine;
  /** ISO time. */
  readonly at: string;
  readonly stages: Readonly<Record<string, unknown>>;
}

export function describeMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
}

export async function saveReport(path: string, report: BenchReport): Promise<void> {
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`).catch((cause: Error) => {
    throw new CliError('bench.saveFailed', `${path} cannot be written: ${cause.message}`, { cause });
  });
}

/** Throws `bench.badBaseline` (exit 3) unless the file holds a saved report. */
export async function loadReport(path: string): Promise<BenchReport> {
  try {
    const report: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof report === 'object' && report !== null && 'stages' in report) return report as BenchReport;
    throw new Error('it holds no "stages"');
  } catch (cause) {
    throw new CliError(
      'bench.badBaseline',
      `${path} is no saved bench report: ${cause instanceof Error ? cause.message : cause}`,
      {
        exitCode: EXIT.precondition,
        hint: `make one with: ddbcdc bench --save ${path}`,
        cause,
      },
    );
  }
}
