// Interleaved rounds: every case runs a few batches in each round, in an order that turns round, so that a machine that is
// busy for a while slows all cases alike. Ratios are medians of the rounds' own ratios for the same reason.

/** One way to do the work of a batch. `run` returns what it made, so that the work cannot be optimised away. */
export interface BenchCase<Name extends string = string> {
  readonly name: Name;
  readonly run: () => unknown;
}

export interface RoundOptions {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Stop after this long, once there are enough rounds. */
  readonly budgetMs: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly batchesPerRound: number;
  readonly signal?: AbortSignal;
  /** Lets timers and signals in between rounds. */
  readonly breathe: () => Promise<void>;
}

/** A batch's time in microseconds. */
export interface BatchTiming {
  readonly batches: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly recordsPerSecond: number;
}

export interface Measured<Name extends string> {
  readonly rounds: number;
  /** Each case's batch times, in microseconds, in the order they were measured. */
  readonly samplesUs: Readonly<Record<Name, readonly number[]>>;
  /** Each case's median of each round, in microseconds. */
  readonly medianUsByRound: Readonly<Record<Name, readonly number[]>>;
}

/** The share of the first rounds that is thrown away: compilers and caches are still warming up then. */
const WARM_UP_ROUNDS = 0.2;

/** Measures the cases against each other. Throws the signal's reason when aborted. */
export async function measureRounds<Name extends string>(
  cases: readonly BenchCase<Name>[],
  options: RoundOptions,
): Promise<Measured<Name>> {
  const { now, signal } = options;
  const rounds = cases.map((): number[][] => []);
  const start = now();
  let done = 0;
  let sink: unknown;
  while (done < options.minRounds || (done < options.maxRounds && now() - start < options.budgetMs)) {
    for (let step = 0; step < cases.length; step++) {
      const at = (step + done) % cases.length;
      const samples: number[] = [];
      for (let batch = 0; batch < options.batchesPerRound; batch++) {
        const before = now();
        sink = cases[at]?.run();
        samples.push((now() - before) * 1000);
      }
      rounds[at]?.push(samples);
    }
    done++;
    await options.breathe();
    signal?.throwIfAborted();
  }
  if (sink === rounds) throw new Error('unreachable: keeps the results alive');
  const kept = rounds.map((each) => each.slice(Math.floor(done * WARM_UP_ROUNDS)));
  return {
    rounds: kept[0]?.length ?? 0,
    samplesUs: byName(cases, (at) => kept[at]?.flat() ?? []),
    medianUsByRound: byName(cases, (at) => kept[at]?.map((samples) => quantile(samples, 0.5)) ?? []),
  };
}

function byName<Name extends string, T>(
  cases: readonly BenchCase<Name>[],
  valueAt: (at: number) => T,
): Readonly<Record<Name, T>> {
  // Cast: there is one entry a case, and Name is their names.
  return Object.fromEntries(cases.map(({ name }, at) => [name, valueAt(at)])) as Record<Name, T>;
}

/** How many times as long as `of` a case took: the median of the rounds' own ratios. */
export function ratioOf<Name extends string>(measured: Measured<Name>, of: Name, to: Name): number {
  const base = measured.medianUsByRound[of];
  const ratios = measured.medianUsByRound[to].map((median, round) => median / (base[round] ?? Number.NaN));
  return rounded(quantile(ratios, 0.5), 3);
}

/** A case's times, for batches of `records` records. */
export function timingOf(samplesUs: readonly number[], records: number): BatchTiming {
  const p50Us = quantile(samplesUs, 0.5);
  return {
    batches: samplesUs.length,
    p50Us: rounded(p50Us, 2),
    p90Us: rounded(quantile(samplesUs, 0.9), 2),
    p99Us: rounded(quantile(samplesUs, 0.99), 2),
    maxUs: rounded(quantile(samplesUs, 1), 2),
    recordsPerSecond: Math.round((records / p50Us) * 1_000_000),
  };
}

/** The value below which the share `q` of the values lies, between neighbours by weight. NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
