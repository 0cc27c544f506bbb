// The limits of recorded inputs, outputs and failures: JSON of at most 1 MiB that is not nested too deeply (S4).
// A task can return any value, so the walk is bounded: a value that contains itself is too deep, an endless one too large.
import type { Json, JsonObject } from './json.ts';
import { REFUSED_NAME, refusedNameSentence } from './refused-name.ts';

/** Largest number of characters of the JSON text. */
export const MOST_PAYLOAD = 1_048_576;
/** Deeper than real documents, and far from the depth at which a recursion exhausts the stack. */
const MOST_DEPTH = 200;
/** Largest number of characters that JSON uses for one character. */
const WORST_ESCAPE = 6;

/** Why a value cannot be recorded, as the code and the sentence of a failure. */
export interface PayloadExcess {
  readonly code: 'PAYLOAD_TOO_LARGE' | 'PAYLOAD_TOO_DEEP' | 'MEMBER_REFUSED';
  readonly message: string;
}

/** Null when the value can be recorded. `shown` names it: `The output`. Throws what a getter of the value throws. */
export function payloadExcess(shown: string, value: unknown): PayloadExcess | null {
  const weight = weigh(value);
  if (weight === 'named') return { code: 'MEMBER_REFUSED', message: refusedNameSentence(shown) };
  if (weight === 'deep') {
    return { code: 'PAYLOAD_TOO_DEEP', message: `${shown} is nested more than ${MOST_DEPTH} deep, or contains itself.` };
  }
  const size = weight * WORST_ESCAPE <= MOST_PAYLOAD || weight > MOST_PAYLOAD ? weight : (JSON.stringify(value)?.length ?? 0);
  if (size <= MOST_PAYLOAD) return null;
  return {
    code: 'PAYLOAD_TOO_LARGE',
    message: `${shown} has more than ${MOST_PAYLOAD} characters as JSON; no more are recorded. Give a reference instead, such as a path.`,
  };
}

/** Has a value more than `most` characters as JSON? Stops early, so a small value costs little and a large one no text. */
export function isOver(value: Json, most: number): boolean {
  if (typeof value !== 'object' || value === null) return weightOf(value) > most;
  const weight = weigh(value, most);
  return typeof weight !== 'number' || weight > most;
}

/** Characters of a value as JSON if they are more than `most`, else null. */
export function sizeIfOver(value: Json, most: number): number | null {
  return isOver(value, most) ? JSON.stringify(value).length : null;
}

/** A copy that shares no object with the original; `__proto__` is an ordinary name. For small values: a sixth of structuredClone's time. */
export function copyJson<T extends Json>(value: T): T;
export function copyJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => copyJson(one));
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    const inner = copyJson(value[key] ?? null);
    if (key === '__proto__') Object.defineProperty(copy, key, { value: inner, enumerable: true, configurable: true, writable: true });
    else copy[key] = inner;
  }
  return copy;
}

/**
 * The value as JSON has it, sharing no object with the original: what a schema has made of an output may hold dates, accessors or
 * NaN. Undefined for a value that JSON leaves out; throws for one that cannot be written, such as a bigint.
 */
export function writtenJson(value: unknown): Json | undefined {
  const copy = plainCopy(value);
  if (copy !== undefined) return copy;
  const text = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}

/** A copy of a value that JSON text would give back unchanged; undefined for any other value. Reads each member once. */
function plainCopy(value: unknown): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined;
    case 'object':
      return value === null ? null : Array.isArray(value) ? plainList(value) : plainObject(value);
    default:
      return undefined;
  }
}

function plainList(list: readonly unknown[]): Json[] | undefined {
  const copy: Json[] = [];
  for (const one of list) {
    const inner = plainCopy(one);
    if (inner === undefined) return undefined;
    copy.push(inner);
  }
  return copy;
}

function plainObject(object: object): JsonObject | undefined {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const copy: JsonObject = {};
  for (const [key, one] of Object.entries(object)) {
    const inner = key === REFUSED_NAME ? undefined : plainCopy(one);
    if (inner === undefined) return undefined;
    copy[key] = inner;
  }
  return copy;
}

/** A lower limit of the length as JSON, at most six times too low. Stops beyond `most`, and at the refused name. */
function weigh(value: unknown, most = MOST_PAYLOAD): number | 'deep' | 'named' {
  if (typeof value !== 'object' || value === null) return weightOf(value);
  let weight = 0;
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_DEPTH) return 'deep';
    const next: unknown[] = [];
    for (const one of level as readonly { readonly [key: string]: unknown }[]) {
      // A value with toJSON, such as a date, counts by the text that it gives.
      if (typeof one['toJSON'] === 'function') continue;
      weight += 2;
      if (Array.isArray(one)) {
        weight += one.length;
        for (const inner of one) weight += take(inner, next);
      } else {
        for (const key of Object.keys(one)) {
          if (key === REFUSED_NAME) return 'named';
          const inner = one[key];
          if (inner !== undefined && typeof inner !== 'function') weight += key.length + 3 + take(inner, next);
        }
      }
      if (weight > most) return weight;
    }
    level = next;
  }
  return weight;
}

function take(value: unknown, next: unknown[]): number {
  if (typeof value !== 'object' || value === null) return weightOf(value);
  next.push(value);
  return 0;
}

function weightOf(value: unknown): number {
  return typeof value === 'string' ? value.length + 2 : 1;
}
