// Splits the text of a search into words: `key:value`, `key:"a value",another`, `free` or `"free text"`. Spaces separate
// words and commas separate the values of a key, except inside quotes, where `\"` and `\\` are a quote and a backslash.

/** A value as written, with its position. */
export interface WrittenValue {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}
/** A word of a search; `key` is null for free text. Positions count from 0; an end is the position after the last character. */
export interface SearchWord {
  readonly key: string | null;
  readonly values: readonly WrittenValue[];
  readonly start: number;
  readonly end: number;
}
/** A part that cannot be parsed: one sentence and its position in the text. */
export interface SearchProblem {
  readonly kind: 'problem';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

const KEY = /^([A-Za-z]+(?:\.(?:"(?:[^"\\]|\\.)*"|[^\s:",]+))?):/;
const SPACE = /\s/;

export function wordsOf(text: string): readonly SearchWord[] | SearchProblem {
  const words: SearchWord[] = [];
  for (let at = 0; at < text.length; ) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    const key = KEY.exec(text.slice(at))?.[1] ?? null;
    if (key !== null) at += key.length + 1;
    const values: WrittenValue[] = [];
    for (let more = true; more; ) {
      const read = valueAt(text, at, key !== null);
      if ('kind' in read) return read;
      values.push(read);
      at = read.end;
      more = key !== null && text.charAt(at) === ',';
      if (more) at += 1;
    }
    words.push({ key, values, start, end: at });
  }
  return words;
}

/** One value; a comma ends it only where several values are allowed. */
function valueAt(text: string, start: number, isList: boolean): WrittenValue | SearchProblem {
  if (text.charAt(start) === '"') return quotedAt(text, start);
  let end = start;
  while (end < text.length && !SPACE.test(text.charAt(end)) && !(isList && text.charAt(end) === ',')) end += 1;
  return { value: text.slice(start, end), start, end };
}

function quotedAt(text: string, start: number): WrittenValue | SearchProblem {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === '"') return { value, start, end: at + 1 };
    if (letter === '\\' && at + 1 < text.length) at += 1;
    value += text.charAt(at);
  }
  return { kind: 'problem', message: 'This quote is not closed.', start, end: text.length };
}

/** A value with quotes where it needs them to be parsed back unchanged. */
export function writtenOf(value: string): string {
  const isPlain = value !== '' && !/[\s",\\:]/.test(value);
  return isPlain ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
