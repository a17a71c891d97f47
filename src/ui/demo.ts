import type { Terminal } from './terminal.js';

export interface DemoResult {
  readonly written: number;
  readonly seen: number;
  readonly duplicates: number;
  readonly gaps: number;
  /** Records that the function counted in its own log. */
  readonly functionCount: number;
}

/** The command that comes next, as it would be typed. */
export function renderDemoStep(args: readonly string[], terminal: Terminal): string {
  return `\n${terminal.out.dim('$')} ${terminal.out.bold(`ddbcdc ${args.join(' ')}`)}`;
}

export function renderDemoVerdict(result: DemoResult, agrees: boolean, terminal: Terminal): string[] {
  const { out } = terminal;
  const mark = agrees ? out.green('✓') : out.red('!');
  const { written, seen, duplicates, gaps, functionCount } = result;
  return [
    '',
    `${mark} ${written} written, ${seen} seen by the tail, ${duplicates} duplicates, ${gaps} gaps, ${functionCount} counted by the function`,
    `  ${out.dim('→')} in a folder of your own: npx ddbcdc init`,
  ];
}
