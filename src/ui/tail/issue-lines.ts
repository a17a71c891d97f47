// What is wrong with an undecodable record, whole: each issue on a line of its own, on further ones where it is long.
import type { ChalkInstance } from 'chalk';
import { formatIssue, type Issue } from '../../model/index.js';
import { fold } from '../fold.js';
import { sanitize } from '../sanitize.js';
import { displayWidth } from '../width.js';

const HANG = 4;

/** `  ! Id: missing, expected N · seq 4421…`: the number, to read the record back with, stands after the first reason. */
export function issueLines(
  issues: readonly Issue[],
  seq: string,
  { colors, width }: { readonly colors: ChalkInstance; readonly width: number },
): string[] {
  return issues.flatMap((issue, index) => {
    const lines = fold(`  ! ${sanitize(formatIssue(issue))}`, width, HANG);
    const painted = lines.map((line) => colors.red(line));
    if (index > 0) return painted;
    const number = `seq ${sanitize(seq)}`;
    const last = lines.at(-1) ?? '';
    const sameLine = ` · ${number}`;
    if (displayWidth(last) + sameLine.length > width) {
      return [...painted, ...fold(' '.repeat(HANG) + number, width).map((line) => colors.dim(line))];
    }
    return [...painted.slice(0, -1), colors.red(last) + colors.dim(sameLine)];
  });
}
