// Long lines as several that fit, so that the terminal does not break words.
import { beginning, displayWidth } from './width.js';

const ESCAPE = '\u001b';

/**
 * The text as lines of at most `width` columns, broken at blanks; lines after the first begin with `hang` blanks, two
 * more than the first has when it is not given. A word that is wider than a line is broken anywhere, unless it has
 * colours.
 */
export function fold(text: string, width: number, hang?: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const indent = /^ */.exec(text)?.[0] ?? '';
  // On the narrowest terminals the blanks would leave no room for words.
  const hanging = ' '.repeat(Math.min(hang ?? indent.length + 2, Math.floor(width / 2)));
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  const end = (): void => {
    lines.push(line.replace(/ +$/, ''));
    line = hanging;
    isEmpty = true;
  };
  for (let word of text.slice(indent.length).split(' ')) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > width) end();
    // Blanks in a row end where the line does.
    if (isEmpty && lines.length > 0 && word === '') continue;
    while (displayWidth(line) + displayWidth(word) > width && !word.includes(ESCAPE)) {
      const part = beginning(word, width - displayWidth(line));
      if (part === '') break;
      line += part;
      word = word.slice(part.length);
      end();
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  end();
  return lines;
}
