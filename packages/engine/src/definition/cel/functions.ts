// The functions that an expression can call, by name and number of arguments. For a method, the value before the dot is
// the first argument.
import { parseDuration, parseTimestamp } from './times.ts';
import { toBoolean, toBytes, toDouble, toInt, toText, toUint } from './conversions.ts';
import type { CelFunction, NamedFunction, Overloads } from './function.ts';
import { TEXT_FUNCTIONS, TEXT_METHODS } from './texts.ts';
import { TIME_METHODS } from './time-parts.ts';
import { CelDuration, CelError, CelOptional, CelTimestamp, CelType, type CelValue, isList, isMap, sizeOfMap, typeOf } from './value.ts';
import { timestampOf } from './arithmetic.ts';

const size: CelFunction = ([value = null], budget) => {
  if (typeof value === 'string') {
    budget.spendText(value.length);
    // CEL counts code points; JavaScript counts two units for a code point beyond U+FFFF.
    return BigInt(value.length - (value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0));
  }
  if (isList(value) || value instanceof Uint8Array) return BigInt(value.length);
  if (isMap(value)) return BigInt(sizeOfMap(value));
  throw noOverload('size', value);
};

const FUNCTION_LIST: readonly NamedFunction[] = [
  ['size', 1, size],
  ['dyn', 1, ([value = null]) => value],
  ['type', 1, ([value = null]) => new CelType(typeOf(value))],
  ['int', 1, ([value = null]) => toInt(value)],
  ['uint', 1, ([value = null]) => toUint(value)],
  ['double', 1, ([value = null]) => toDouble(value)],
  ['string', 1, ([value = null]) => toText(value)],
  ['bytes', 1, ([value = null]) => toBytes(value)],
  ['bool', 1, ([value = null]) => toBoolean(value)],
  ['timestamp', 1, ([value = null]) => toTimestamp(value)],
  ['duration', 1, ([value = null]) => toDuration(value)],
  ['optional.of', 1, ([value = null]) => new CelOptional(value)],
  ['optional.none', 0, () => new CelOptional(undefined)],
  ['optional.ofNonZeroValue', 1, ([value = null]) => new CelOptional(isZero(value) ? undefined : value)],
  ...TEXT_FUNCTIONS,
];

const METHOD_LIST: readonly NamedFunction[] = [
  ['size', 0, size],
  ['hasValue', 0, ([value = null]) => demandOptional('hasValue', value).value !== undefined],
  [
    'value',
    0,
    ([value = null]) => {
      const held = demandOptional('value', value).value;
      if (held === undefined) throw new CelError('The optional value is empty; use orValue(…) to give a default.');
      return held;
    },
  ],
  ...TEXT_METHODS,
  ...TIME_METHODS,
];

/** All functions, including those whose name contains a dot. */
export const FUNCTIONS: Overloads = tableOf(FUNCTION_LIST);
export const METHODS: Overloads = tableOf(METHOD_LIST);

function tableOf(list: readonly NamedFunction[]): Overloads {
  const table = new Map<string, Map<number, CelFunction>>();
  for (const [name, args, call] of list) {
    const known = table.get(name) ?? new Map<number, CelFunction>();
    table.set(name, known.set(args, call));
  }
  return table;
}

function toTimestamp(value: CelValue): CelValue {
  if (typeof value === 'string') return parseTimestamp(value);
  if (typeof value === 'bigint') return timestampOf(value * 1_000_000_000n);
  if (typeof value === 'number' && Number.isInteger(value)) return timestampOf(BigInt(value) * 1_000_000_000n);
  if (value instanceof CelTimestamp) return value;
  throw noOverload('timestamp', value);
}

function toDuration(value: CelValue): CelValue {
  if (typeof value === 'string') return parseDuration(value);
  if (value instanceof CelDuration) return value;
  throw noOverload('duration', value);
}

function demandOptional(name: string, value: CelValue): CelOptional {
  if (value instanceof CelOptional) return value;
  throw new CelError(`${name} takes an optional value, not a ${typeOf(value)}.`);
}

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return true;
  if (isList(value) || value instanceof Uint8Array) return value.length === 0;
  return isMap(value) && sizeOfMap(value) === 0;
}

function noOverload(name: string, value: CelValue): CelError {
  return new CelError(`${name} does not take a ${typeOf(value)}.`);
}
