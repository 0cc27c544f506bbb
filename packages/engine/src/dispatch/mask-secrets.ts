// Keeps the values of secrets out of whatever a task says (SEMANTICS S4). A value of several lines, such as a key in PEM,
// comes back a line at a time in what a program prints, and a value that ends with a line feed comes back without it: so
// its lines are masked too.

/** A line of a longer value that is shorter than this may be any word, and is left. */
const SHORTEST_LINE = 8;

/** The text with each secret's value in it, by its name, and each line of such a value made unreadable. */
export function maskText(text: string, values: ReadonlyMap<string, string>): string {
  if (values.size === 0) return text;
  return piecesOf(values).reduce((masked, [piece, name]) => masked.replaceAll(piece, `•••${name}•••`), text);
}

/** Longest first: a value that stands in another one would leave the rest of that one readable. */
function piecesOf(values: ReadonlyMap<string, string>): readonly (readonly [piece: string, name: string])[] {
  return [...values]
    .flatMap(([name, value]) => {
      const lines = value.split(/\r?\n/).map((line) => line.trim());
      const pieces = [value, value.trim(), ...lines.filter(({ length }) => length >= SHORTEST_LINE)];
      return [...new Set(pieces)].filter((piece) => piece !== '').map((piece) => [piece, name] as const);
    })
    .sort(([a], [b]) => b.length - a.length);
}
