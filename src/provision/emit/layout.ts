// How emitted code is laid out: on one line where it fits, else one part a line. Pure.

const WIDTH = 100;

/** `open`, the parts with `separator` between, `close`. Parts may have several lines; then each gets its own. */
export function enclose(
  open: string,
  parts: readonly string[],
  close: string,
  style: { readonly separator: string; readonly padding: string; readonly trailing: boolean },
): string {
  if (parts.length === 0) return `${open}${close}`;
  const line = `${open}${style.padding}${parts.join(`${style.separator} `)}${style.padding}${close}`;
  if (line.length <= WIDTH && !line.includes('\n')) return line;
  const body = parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    return indent(`${part}${isLast && !style.trailing ? '' : style.separator}`);
  });
  return [open, ...body, close].join('\n');
}

/** Two blanks before every line. */
export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
}

/** `name = value` lines with their signs below one another, as `terraform fmt` wants neighbours of one line each. */
export function alignSigns(entries: readonly (readonly [name: string, value: string])[]): string[] {
  const lines: string[] = [];
  let run: (readonly [string, string])[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...run.map(([name]) => name.length));
    lines.push(...run.map(([name, value]) => `${name.padEnd(width)} = ${value}`));
    run = [];
  };
  for (const entry of entries) {
    if (entry[1].includes('\n')) {
      flush();
      lines.push(`${entry[0]} = ${entry[1]}`);
    } else run.push(entry);
  }
  flush();
  return lines;
}
