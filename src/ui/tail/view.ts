// What the renderers of a tail are told. They are pure: an event in, lines of text out.
import type { ChalkInstance } from 'chalk';

export const IMAGES_MODES = ['keys', 'new', 'old', 'both', 'diff', 'model'] as const;
/** Which part of a change is shown. */
export type ImagesMode = (typeof IMAGES_MODES)[number];

/** How a tail is shown: aligned lines for people, JSON Lines, Lambda's records as they are, or a line of one's own. */
export type TailFormat = 'pretty' | 'json' | 'raw' | 'template';

export interface TailView {
  readonly colors: ChalkInstance;
  /** Columns of the terminal now. */
  readonly width: number;
  /** Times in UTC, not local. */
  readonly utc: boolean;
  /** Absent: the changed attributes of a MODIFY with both images, else the model, else the image that there is. */
  readonly images?: ImagesMode;
  /** Widths of the aligned columns; grows as wider keys come by. */
  readonly columns: ColumnWidths;
}

/** The one thing that renderers remember between changes: how wide the aligned columns are by now. */
export interface ColumnWidths {
  event: number;
  keys: number;
}

export function initialColumns(): ColumnWidths {
  return { event: 'INSERT'.length, keys: 0 };
}

/** Keys wider than this move what follows them on their own line only. */
export const MAX_KEYS_WIDTH = 32;
