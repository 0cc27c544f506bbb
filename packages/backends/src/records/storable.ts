// PostgreSQL stores every character but NUL, and SQLite ends a text there for those who look at it with other programs.

/** The text without NUL, for a column of text. JSON columns need no change. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
