/**
 * The JSON objects that stand one after the other on a line, as they are typed at the `f` key. Text that is no object
 * comes back as it is, for the filter's compiler to refuse in its own words.
 */
export function splitPatterns(line: string): string[] {
  const patterns: string[] = [];
  let depth = 0;
  let inString = false;
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}') {
      depth--;
      if (depth !== 0) continue;
      patterns.push(line.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  const rest = line.slice(start).trim();
  return rest === '' ? patterns : [...patterns, rest];
}
