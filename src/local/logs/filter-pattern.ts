// CloudWatch's filter patterns for unstructured text: terms that must all occur, `?term` of which one must occur,
// `-term` that must not occur, and quoted terms. Case counts. Patterns over JSON or columns are refused by name.
import { ServiceError } from '../service.js';

const TERM = /\s*([?-]?)("(?:[^"\\]|\\.)*"|[^\s"]+)/y;

/** Throws InvalidParameterException for a pattern outside the text syntax. */
export function compileFilterPattern(pattern: string | undefined): (message: string) => boolean {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => true;
  if (/^[{[%]/.test(text)) {
    throw new ServiceError(
      'InvalidParameterException',
      `The embedded engine filters logs by text terms only; the pattern ${JSON.stringify(text)} is of another kind`,
    );
  }
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  TERM.lastIndex = 0;
  for (let position = 0; position < text.length; position = TERM.lastIndex) {
    const match = TERM.exec(text);
    if (match === null) throw new ServiceError('InvalidParameterException', 'Invalid filter pattern');
    const [, sign, quoted = ''] = match;
    const term = quoted.startsWith('"') ? quoted.slice(1, -1).replace(/\\(.)/g, '$1') : quoted;
    (sign === '?' ? any : sign === '-' ? none : all).push(term);
  }
  // As CloudWatch does: optional terms beside required ones decide nothing.
  const optional = all.length > 0 ? [] : any;
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}
