// Masks the values of secrets in everything that leaves a call (S4, C1): in plain form, in Base64 at any alignment,
// hexadecimal, percent-encoded, JSON-escaped, and in one encoding inside another. Programs print a value of several lines,
// such as a PEM key, line by line, and a value that ends with a line feed without it, so single lines are masked too.
import type { Json } from '../json.ts';
import { bytesOf, readingsOf } from './readings.ts';

/** A shorter line of a longer value is not masked, because any word may equal it. */
const SHORTEST_LINE = 8;
/** In Base64 and hexadecimal, fewer bytes than this match by chance. */
const SHORTEST_DENSE = 4;

/** A part of a secret's value, as bytes, and the name of the secret. */
interface Piece {
  readonly bytes: string;
  readonly name: string;
}

interface Found {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Masks texts for the secrets of one call; values may be added until the task is called. */
export class SecretMask {
  readonly #values: ReadonlyMap<string, string>;
  #pieces: readonly Piece[] = [];
  #made = -1;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** The text with each secret, in any encoding, replaced by the secret's name. */
  readonly text = (text: string): string => {
    if (this.isEmpty) return text;
    const found = this.#find(text);
    if (found.length === 0) return text;
    let masked = '';
    let at = 0;
    for (const { from, to, name } of found) {
      masked += `${text.slice(at, from)}•••${name}•••`;
      at = to;
    }
    return masked + text.slice(at);
  };

  /** Name of the first secret that the value contains, in any encoding; null when it contains none. */
  nameIn(value: Json): string | null {
    if (this.isEmpty || value === null || typeof value === 'number' || typeof value === 'boolean') return null;
    if (typeof value === 'string') return this.#find(value)[0]?.name ?? null;
    const parts = Array.isArray(value) ? value : Object.entries(value).flat();
    for (const part of parts) {
      const name = this.nameIn(part);
      if (name !== null) return name;
    }
    return null;
  }

  /** Positions of secrets, in order and without overlap; of overlapping secrets the longest gives the name. */
  #find(text: string): Found[] {
    const found: Found[] = [];
    for (const { bytes, from, to, isDense } of readingsOf(text)) {
      for (const piece of this.#needles()) {
        if (isDense && piece.bytes.length < SHORTEST_DENSE) continue;
        for (let at = bytes.indexOf(piece.bytes); at >= 0; at = bytes.indexOf(piece.bytes, at + piece.bytes.length)) {
          found.push({ from: from(at), to: to(at + piece.bytes.length - 1), name: piece.name });
        }
      }
    }
    found.sort((a, b) => a.from - b.from || b.to - a.to);
    const apart: Found[] = [];
    for (const one of found) {
      const last = apart.at(-1);
      if (last === undefined || one.from >= last.to) apart.push(one);
      else {
        const name = one.to - one.from > last.to - last.from ? one.name : last.name;
        apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, one.to), name };
      }
    }
    return apart;
  }

  #needles(): readonly Piece[] {
    if (this.#made !== this.#values.size) {
      this.#pieces = [...this.#values].flatMap(([name, value]) => piecesOf(value).map((piece) => ({ bytes: bytesOf(piece).bytes, name })));
      this.#made = this.#values.size;
    }
    return this.#pieces;
  }
}

function piecesOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const pieces = [value, value.trim(), ...lines.filter(({ length }) => length >= SHORTEST_LINE)];
  return [...new Set(pieces)].filter((piece) => piece !== '');
}
