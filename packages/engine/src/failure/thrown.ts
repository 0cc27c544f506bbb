// Reads any thrown value: its text, causes, stack frames and facts, all bounded. No function here throws, whatever a getter or
// a proxy does, and none gives "[object Object]".
// Texts are masked before they are cut, because half a secret would not be found later.
import type { Json, JsonObject } from '../json.ts';

export type Mask = (text: string) => string;

/** An error of any realm or library. */
export interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly code?: unknown;
}

const MOST_MESSAGE = 4_000;
const MOST_CAUSES = 8;
const MOST_FRAMES = 12;
const MOST_STACK_LINES = 40;
const MOST_LINE = 300;
const MOST_FACTS = 30;
const MOST_FACT = 1_000;
const UNSHOWABLE = 'Something was thrown that cannot be shown as text.';

/** Is the value an error? Includes errors of another realm, which `instanceof` does not recognise. */
export function isErrorLike(thrown: unknown): thrown is ErrorLike {
  if (thrown instanceof Error) return true;
  if (typeof thrown !== 'object' || thrown === null) return false;
  return attempt(() => 'message' in thrown && 'stack' in thrown && typeof thrown.stack === 'string') ?? false;
}

/** The text of a thrown value. */
export function wordsOf(thrown: unknown, mask: Mask): string {
  const text = attempt(() => mask(rawWords(thrown)));
  return text === undefined ? UNSHOWABLE : cut(text, MOST_MESSAGE);
}

function rawWords(thrown: unknown): string {
  if (!isErrorLike(thrown)) return textOf(thrown);
  if (typeof thrown.message === 'string' && thrown.message !== '') return thrown.message;
  if (thrown.message !== undefined && thrown.message !== '') return textOf(thrown.message);
  // A connection tried at several addresses fails with an empty message and one error per address.
  const inner = innerOf(thrown).map(
    (one) => (isErrorLike(one) && typeof one.message === 'string' && one.message) || 'an error without a message',
  );
  const name = textOf(thrown.name ?? 'Error');
  return inner.length === 0 ? name : `${name}: ${inner.join('; ')}`;
}

/** Any value as text; an object without a text of its own as JSON. Throws what a getter throws. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const message = 'message' in value ? value.message : undefined;
  if (typeof message === 'string' && message !== '') return message;
  const own = 'toString' in value && typeof value.toString === 'function' ? attempt(() => String(value)) : undefined;
  if (own !== undefined && own !== '' && !/^\[object .*\]$/s.test(own) && !Array.isArray(value)) return own;
  return (
    attempt(() => JSON.stringify(value)) ?? `An object with the members ${Object.keys(value).slice(0, MOST_FACTS).join(', ') || 'none'}`
  );
}

/** The causes, nearest first: `cause`, then `errors`, then theirs in turn; each listed once. */
export function causesOf(thrown: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const seen = new Set<unknown>([thrown]);
  const waiting = directCausesOf(thrown);
  for (let next = waiting.shift(); next !== undefined && found.length < MOST_CAUSES; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    found.push(next);
    waiting.unshift(...directCausesOf(next));
  }
  return found;
}

function directCausesOf(thrown: unknown): unknown[] {
  if (!isErrorLike(thrown)) return [];
  const cause = attempt(() => thrown.cause);
  return [...(cause === undefined || cause === null ? [] : [cause]), ...innerOf(thrown)];
}

function innerOf(thrown: ErrorLike): unknown[] {
  const errors = attempt(() => thrown.errors);
  return Array.isArray(errors) ? (attempt(() => errors.slice(0, MOST_CAUSES).filter(isErrorLike)) ?? []) : [];
}

/** A cause as one sentence, with its code and facts: the constraint of a database, the address of a connection. */
export function causeWords(cause: unknown, mask: Mask): string {
  const words = wordsOf(cause, mask);
  if (!isErrorLike(cause)) return words;
  const facts = Object.entries(factsOf(cause, mask) ?? {}).map(
    ([name, fact]) => `${name}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`,
  );
  const code = codeOf(cause);
  const told = [...(code === undefined || words.includes(code) ? [] : [code]), ...facts];
  return told.length === 0 ? words : cut(`${words} (${told.join('; ')})`, MOST_MESSAGE);
}

/** The code of an error; undefined when it has none. */
export function codeOf(error: ErrorLike): string | undefined {
  const code = attempt(() => error.code);
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined;
}

/** Stack frames such as `at apply (file:line:column)`, one per line, for the errors in order. Undefined without frames. */
export function stackOf(errors: readonly unknown[], mask: Mask): string | undefined {
  const lines = errors.flatMap((error, at) => {
    const frames = framesOf(error, mask);
    const head = at === 0 || frames.length === 0 ? [] : [cut(`because: ${wordsOf(error, mask).split('\n')[0] ?? ''}`, MOST_LINE)];
    return [...head, ...frames];
  });
  return lines.length === 0 ? undefined : lines.slice(0, MOST_STACK_LINES).join('\n');
}

function framesOf(error: unknown, mask: Mask): string[] {
  const stack = isErrorLike(error) ? attempt(() => error.stack) : undefined;
  if (typeof stack !== 'string') return [];
  const frames = stack.split('\n').filter((line) => /^\s*at /.test(line) && !line.includes('node:internal'));
  return frames.slice(0, MOST_FRAMES).map((line) => cut(mask(line.trim()), MOST_LINE));
}

/** Members that are shown elsewhere; and `nothingDone`, a promise that only a TaskError can make. */
const NO_FACTS = new Set(['name', 'message', 'stack', 'cause', 'errors', 'code', 'nothingDone']);

/** An error's own members, such as `detail`, `constraint`, `syscall`, `path`. Undefined when there are none. */
export function factsOf(error: ErrorLike, mask: Mask): JsonObject | undefined {
  const facts = attempt(() => Object.entries(error))?.flatMap(([name, value]) => {
    if (NO_FACTS.has(name)) return [];
    const fact = factOf(value, mask);
    return fact === undefined ? [] : [[cut(mask(name), MOST_LINE), fact] as const];
  });
  return facts === undefined || facts.length === 0 ? undefined : Object.fromEntries(facts.slice(0, MOST_FACTS));
}

/** Only small values: a request or a client attached to an error is not a fact about it. */
function factOf(value: unknown, mask: Mask): Json | undefined {
  switch (typeof value) {
    case 'string':
      return cut(mask(value), MOST_FACT);
    case 'boolean':
      return value;
    case 'number':
      // JSON has no negative zero.
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'bigint':
      return String(value);
    case 'object': {
      const text = value === null ? undefined : attempt(() => JSON.stringify(value));
      if (text === undefined || text.length > MOST_FACT || text === '{}' || text.includes('"__proto__"')) return undefined;
      return attempt(() => JSON.parse(text) as Json);
    }
    default:
      return undefined;
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // A getter or a proxy of foreign code threw, so the member counts as absent.
    return undefined;
  }
}
