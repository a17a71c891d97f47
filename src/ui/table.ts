// Rows of text as aligned columns.
import { displayWidth, pad } from './width.js';

export interface TableOptions {
  /** Alignment of each column; the default is left. */
  readonly align?: readonly ('left' | 'right')[];
  /** Blanks before each row; default 0. */
  readonly indent?: number;
  /** Blanks between columns; default 2. */
  readonly gap?: number;
}

/** The rows as lines whose columns begin at the same place. Cells may hold colours; rows may differ in length. */
export function alignRows(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const { align = [], indent = 0, gap = 2 } = options;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const side = align[column] ?? 'left';
      // The last cell of a row needs no blanks after it.
      return side === 'left' && column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0, side);
    });
    return `${' '.repeat(indent)}${cells.join(' '.repeat(gap))}`.trimEnd();
  });
}
