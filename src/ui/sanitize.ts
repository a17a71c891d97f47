// Text from items, logs and servers is untrusted: it must never move the cursor or change the terminal.

// C0 and C1 controls, DEL, and the bidirectional overrides that can make a line read as another.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every control character written as a visible escape such as `\n` or `\u001b`. */
export function sanitize(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
