import { EXIT, type ExitCode } from '../../errors.js';
import type { EndEvent } from '../../stream/events.js';
import type { TailPlan } from './plan.js';

/**
 * 4 when something that was stated did not hold: fewer changes than `--expect`, a gap with `--fail-on-gap`, a stall with
 * `--fail-on-stall`. Otherwise 0, Ctrl-C included.
 */
export function tailExitCode(
  end: EndEvent,
  plan: Pick<TailPlan, 'expect' | 'failOnGap' | 'failOnStallMs'>,
): ExitCode {
  if (plan.expect !== undefined && end.reason !== 'expected' && end.shown < plan.expect) {
    return EXIT.expectation;
  }
  if (plan.failOnGap && end.gaps > 0) return EXIT.expectation;
  if (plan.failOnStallMs !== undefined && end.reason === 'stall') return EXIT.expectation;
  return EXIT.done;
}
