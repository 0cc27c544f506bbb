// The decodings of a text, in which an encoded secret appears in plain form: JSON escapes, percent-encoding, hexadecimal and
// Base64, also one inside another. Each byte of a decoding knows the characters of the original text that it came from. A
// decoding is made only if the text contains that encoding, and equal decodings are kept once.

/** A decoding of a text, as bytes. */
export interface Reading {
  /** One character for each byte, U+0000 to U+00FF. */
  readonly bytes: string;
  /** Position in the original text of the first character behind that byte; `to` gives the position after the last one. */
  readonly from: (at: number) => number;
  readonly to: (at: number) => number;
  /** Does it come from Base64 or hexadecimal? Short words appear there by chance. */
  readonly isDense: boolean;
}

/** Largest number of encodings inside one another that are decoded. */
const DEEPEST = 3;
/** Limit on the bytes of all decodings of one text, so that a text full of encodings costs a bounded amount of work. */
const MOST_BYTES = { perCharacter: 8, least: 262_144 };

/** All decodings of a text, the text itself first. */
export function readingsOf(text: string): readonly Reading[] {
  const root = bytesOf(text);
  const readings: Reading[] = [root];
  const known = new Set([root.bytes]);
  let left = Math.max(MOST_BYTES.least, root.bytes.length * MOST_BYTES.perCharacter);
  let level: readonly Reading[] = [root];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: Reading[] = [];
    for (const reading of level) {
      for (const made of decodings(reading)) {
        left -= made.bytes.length;
        if (left < 0) return [...readings, ...next];
        if (known.has(made.bytes)) continue;
        known.add(made.bytes);
        next.push(made);
      }
    }
    readings.push(...next);
    level = next;
  }
  return readings;
}

/** A text as UTF-8, one character per byte. */
export function bytesOf(text: string): Reading {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the characters that are one byte each
  if (/^[\x00-\x7f]*$/.test(text)) return { bytes: text, from: (at) => at, to: (at) => at + 1, isDense: false };
  const made = new Decoded(text.length * 3, false);
  for (let at = 0; at < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    made.addText(character, at, at + character.length);
    at += character.length;
  }
  return made.reading();
}

function decodings(of: Reading): Reading[] {
  const { bytes, isDense } = of;
  const made = [
    bytes.includes('\\') ? withoutEscapes(of) : null,
    PERCENT.test(bytes) ? withoutPercent(of, false) : null,
    // In bytes decoded from Base64 a `+` appears by chance.
    bytes.includes('+') && !isDense ? withoutPercent(of, true) : null,
    ...denseRuns(of, HEX),
    ...denseRuns(of, BASE64),
  ];
  return made.filter((one) => one !== null);
}
const PERCENT = /%[\dA-Fa-f]{2}/;

/** Collects bytes with their positions in the text. All memory is allocated at once, because texts can have a megabyte. */
class Decoded {
  readonly #bytes: Uint8Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #isDense: boolean;
  length = 0;

  constructor(most: number, isDense: boolean) {
    this.#bytes = new Uint8Array(most);
    this.#from = new Int32Array(most);
    this.#to = new Int32Array(most);
    this.#isDense = isDense;
  }

  add(byte: number, from: number, to: number): void {
    this.#bytes[this.length] = byte;
    this.#from[this.length] = from;
    this.#to[this.length] = to;
    this.length += 1;
  }

  addText(text: string, from: number, to: number): void {
    for (const byte of encoder.encode(text)) this.add(byte, from, to);
  }

  reading(): Reading {
    const [from, to] = [this.#from, this.#to];
    const parts: string[] = [];
    for (let at = 0; at < this.length; at += CHUNK) {
      parts.push(String.fromCharCode.apply(null, this.#bytes.subarray(at, Math.min(at + CHUNK, this.length)) as unknown as number[]));
    }
    return { bytes: parts.join(''), from: (at) => from[at] ?? 0, to: (at) => to[at] ?? 0, isDense: this.#isDense };
  }
}
/** Below the limit on the number of arguments of a call. */
const CHUNK = 8_192;
const encoder = new TextEncoder();

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const UNICODE = /u([\dA-Fa-f]{4})(?:\\u([Dd][C-Fc-f][\dA-Fa-f]{2}))?|x([\dA-Fa-f]{2})/y;

/** Decodes JSON escapes, and `\x41`, which other languages write. */
function withoutEscapes(of: Reading): Reading {
  const { bytes } = of;
  const made = new Decoded(bytes.length, of.isDense);
  for (let at = 0; at < bytes.length; ) {
    const next = bytes[at + 1];
    if (bytes[at] !== '\\' || next === undefined) {
      made.add(bytes.charCodeAt(at), of.from(at), of.to(at));
      at += 1;
      continue;
    }
    UNICODE.lastIndex = at + 1;
    const found = next === 'u' || next === 'x' ? UNICODE.exec(bytes) : null;
    const unit = found === null ? 0 : Number.parseInt(found[1] ?? found[3] ?? '0', 16);
    // Two escapes form one character only if the first is a high surrogate.
    const isPair = found?.[2] !== undefined && unit >= 0xd800 && unit < 0xdc00;
    const length = found === null ? 2 : 1 + (isPair ? found[0].length : found[1] === undefined ? 3 : 5);
    const low = isPair ? Number.parseInt(found[2] ?? '0', 16) : null;
    const text = found === null ? (SHORT_ESCAPES.get(next) ?? next) : String.fromCharCode(unit, ...(low === null ? [] : [low]));
    const [from, to] = [of.from(at), of.to(at + length - 1)];
    if (found === null) made.add(text.charCodeAt(0), from, to);
    else made.addText(text, from, to);
    at += length;
  }
  return made.reading();
}

/** Decodes `%41`; in a form `+` is a space too. */
function withoutPercent(of: Reading, isForm: boolean): Reading {
  const { bytes } = of;
  const made = new Decoded(bytes.length, of.isDense);
  for (let at = 0; at < bytes.length; ) {
    const isEncoded = bytes[at] === '%' && hexAt(bytes, at + 1) >= 0 && hexAt(bytes, at + 2) >= 0;
    if (isEncoded) made.add(hexAt(bytes, at + 1) * 16 + hexAt(bytes, at + 2), of.from(at), of.to(at + 2));
    else made.add(isForm && bytes[at] === '+' ? SPACE : bytes.charCodeAt(at), of.from(at), of.to(at));
    at += isEncoded ? 3 : 1;
  }
  return made.reading();
}

/** Separates decoded runs. No secret in UTF-8 contains this byte, so none is found across two runs. */
const BETWEEN = 255;
const SPACE = 32;

interface Alphabet {
  readonly runs: RegExp;
  /** Value of each character; -1 for characters to skip, such as a line break inside a run. */
  readonly digits: Int8Array;
  readonly bits: 4 | 6;
}
const HEX: Alphabet = { runs: /[\dA-Fa-f]{8,}/g, digits: digitsOf(hexDigit), bits: 4 };
const BASE64: Alphabet = { runs: /[\w+/\r\n-]{6,}/g, digits: digitsOf(base64Digit), bits: 6 };

/** All runs of digits as decoded bytes, once for each digit of the run at which the first byte may begin. */
function denseRuns(of: Reading, alphabet: Alphabet): Reading[] {
  const { runs, bits } = alphabet;
  const found: (readonly [start: number, end: number])[] = [];
  runs.lastIndex = 0;
  for (let run = runs.exec(of.bytes); run !== null; run = runs.exec(of.bytes)) found.push([run.index, run.index + run[0].length]);
  if (found.length === 0) return [];
  return Array.from({ length: bits === 4 ? 2 : 4 }, (_, skipped) => decodedRuns(of, { found, alphabet, skipped }));
}

interface Runs {
  readonly found: readonly (readonly [start: number, end: number])[];
  readonly alphabet: Alphabet;
  /** Number of digits skipped at the start of each run. */
  readonly skipped: number;
}

function decodedRuns({ bytes, from, to }: Reading, { found, alphabet: { digits, bits }, skipped }: Runs): Reading {
  const made = new Decoded(
    found.reduce((sum, [start, end]) => sum + end - start + 1, 0),
    true,
  );
  for (const [start, end] of found) {
    if (made.length > 0) made.add(BETWEEN, from(start), from(start));
    let left = skipped;
    let held = 0;
    let heldBits = 0;
    let heldAt = start;
    for (let at = start; at < end; at += 1) {
      const digit = digits[bytes.charCodeAt(at)] ?? -1;
      if (digit < 0) continue;
      if (left > 0) {
        left -= 1;
        continue;
      }
      held = (held << bits) | digit;
      heldBits += bits;
      if (heldBits >= 8) {
        heldBits -= 8;
        made.add((held >> heldBits) & 255, from(heldAt), to(at));
        held &= (1 << heldBits) - 1;
      }
      heldAt = at;
    }
  }
  return made.reading();
}

function hexAt(bytes: string, at: number): number {
  return at < bytes.length ? hexDigit(bytes.charCodeAt(at)) : -1;
}

function digitsOf(digit: (code: number) => number): Int8Array {
  return Int8Array.from({ length: 256 }, (_, code) => digit(code));
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Value of a digit in both alphabets: `-` and `_` of the URL alphabet count as `+` and `/`. */
function base64Digit(code: number): number {
  if (code >= 65 && code <= 90) return code - 65;
  if (code >= 97 && code <= 122) return code - 71;
  if (code >= 48 && code <= 57) return code + 4;
  if (code === 43 || code === 45) return 62;
  return code === 47 || code === 95 ? 63 : -1;
}
