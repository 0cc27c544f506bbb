// Functions on texts, on lists of texts and on bytes.
import { linearMatches } from './linear-matches.ts';
import { toText } from './conversions.ts';
import type { CelFunction, NamedFunction } from './function.ts';
import { type Budget, CelError, type CelValue, isList, isMap, numberOf, typeOf } from './value.ts';

/** Makes a function that takes a text and possibly further texts. */
function ofText(name: string, call: (text: string, ...others: string[]) => CelValue): CelFunction {
  return (args, budget) => {
    const texts = args.map((one) => {
      if (typeof one !== 'string') throw new CelError(`${name} takes texts, not a ${typeOf(one)}.`);
      return one;
    });
    budget.spendText(texts.reduce((sum, text) => sum + text.length, 0));
    const [text = '', ...others] = texts;
    return call(text, ...others);
  };
}

const matches = ofText('matches', (text, pattern = '') => linearMatches(text, pattern));

export const TEXT_FUNCTIONS: readonly NamedFunction[] = [['matches', 2, matches]];

export const TEXT_METHODS: readonly NamedFunction[] = [
  ['matches', 1, matches],
  ['startsWith', 1, ofText('startsWith', (text, start = '') => text.startsWith(start))],
  ['endsWith', 1, ofText('endsWith', (text, end = '') => text.endsWith(end))],
  ['contains', 1, ofText('contains', (text, part = '') => text.includes(part))],
  ['lowerAscii', 0, ofText('lowerAscii', (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()))],
  ['upperAscii', 0, ofText('upperAscii', (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()))],
  ['trim', 0, ofText('trim', (text) => text.trim())],
  ['indexOf', 1, ofText('indexOf', (text, part = '') => BigInt(text.indexOf(part)))],
  ['lastIndexOf', 1, ofText('lastIndexOf', (text, part = '') => BigInt(text.lastIndexOf(part)))],
  ['indexOf', 2, (args, budget) => indexFrom('indexOf', args, budget)],
  ['lastIndexOf', 2, (args, budget) => indexFrom('lastIndexOf', args, budget)],
  ['substring', 1, substring],
  ['substring', 2, substring],
  ['split', 1, split],
  ['split', 2, split],
  ['join', 0, join],
  ['join', 1, join],
  ['string', 0, ([bytes = null]) => toText(demandBytes('string', bytes))],
  ['hex', 0, ([bytes = null]) => [...demandBytes('hex', bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')],
  ['base64', 0, ([bytes = null]) => btoa([...demandBytes('base64', bytes)].map((byte) => String.fromCharCode(byte)).join(''))],
  ['at', 1, byteAt],
  ['json', 0, ([bytes = null]) => parsed(toText(demandBytes('json', bytes)))],
];

function textOf(name: string, value: CelValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new CelError(`${name} takes texts, not a ${typeOf(value ?? null)}.`);
}

/** Reads a position from 0 to `most`. */
function placeOf(name: string, value: CelValue | undefined, most: number): number {
  const number = numberOf(value ?? null);
  const place = number === null ? Number.NaN : Number(number);
  if (Number.isInteger(place) && place >= 0 && place <= most) return place;
  throw new CelError(`${name} takes a position from 0 to ${most}, not ${number === null ? `a ${typeOf(value ?? null)}` : number}.`);
}

function indexFrom(name: 'indexOf' | 'lastIndexOf', [of, part, from]: readonly CelValue[], budget: Budget): CelValue {
  const text = textOf(name, of);
  budget.spendText(text.length);
  return BigInt(text[name](textOf(name, part), placeOf(name, from, text.length)));
}

function substring([of, start, end]: readonly CelValue[], budget: Budget): CelValue {
  const text = textOf('substring', of);
  const from = placeOf('substring', start, text.length);
  const to = end === undefined ? text.length : placeOf('substring', end, text.length);
  if (to < from) throw new CelError(`substring ends at ${to}, before it begins at ${from}.`);
  budget.spendText(to - from);
  return text.slice(from, to);
}

function split([of, separator, limit]: readonly CelValue[], budget: Budget): CelValue {
  const text = textOf('split', of);
  budget.spendText(text.length);
  const by = textOf('split', separator);
  const parts = text.split(by);
  const most = limit === undefined ? -1 : Number(numberOf(limit) ?? Number.NaN);
  if (!Number.isInteger(most)) throw new CelError('The limit of split must be a whole number.');
  if (most < 0 || parts.length <= most) return parts;
  return most === 0 ? [] : [...parts.slice(0, most - 1), parts.slice(most - 1).join(by)];
}

function join([of, separator = '']: readonly CelValue[], budget: Budget): CelValue {
  if (of === undefined || !isList(of)) throw new CelError(`join takes a list, not a ${typeOf(of ?? null)}.`);
  const by = textOf('join', separator);
  const texts = of.map((one) => textOf('join', one));
  budget.spendText(texts.reduce((sum, text) => sum + text.length + by.length, 0));
  return texts.join(by);
}

function demandBytes(name: string, value: CelValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new CelError(`${name} takes bytes, not a ${typeOf(value)}.`);
}

function byteAt([of = null, index]: readonly CelValue[]): CelValue {
  const bytes = demandBytes('at', of);
  return BigInt(bytes[placeOf('at', index, bytes.length - 1)] ?? 0);
}

function parsed(text: string): CelValue {
  try {
    const value: CelValue = JSON.parse(text);
    if (isMap(value)) return value;
  } catch (cause) {
    throw new CelError('The bytes are not JSON.', { cause });
  }
  throw new CelError('The bytes are JSON, but not an object.');
}
