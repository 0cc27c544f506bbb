// PostgreSQL stores every character but NUL, and SQLite ends a text there for those who look at it with other programs.

/** The text as a column of its own can hold it; JSON needs none of this. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
