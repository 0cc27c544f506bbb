// The values of CEL, and rules for all of them: types, equality and order. A JSON number is a double; an int is a bigint.
// A map is a JSON object, read by its own members only, or a Map that an expression made. In such a Map a key that is a
// number is a bigint, whatever its type was.

/** Says in one sentence why an expression has no value. CEL's own logic may pass over it: `true || failing`. */
export class CelError extends Error {}

/** The expression does too much work. CEL's logic does not pass over this error, since another operand would only add work. */
export class BudgetSpent extends CelError {}

/** An unsigned integer. */
export class CelUint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** A point in time, in nanoseconds since 1970. */
export class CelTimestamp {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A length of time, in nanoseconds. */
export class CelDuration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A type as a value: `type(1) == int`. */
export class CelType {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A value that may be empty. */
export class CelOptional {
  readonly value: CelValue | undefined;

  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}

export type CelKey = string | boolean | bigint;
export type CelMap = { readonly [name: string]: CelValue } | ReadonlyMap<CelKey, CelValue>;
export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelType
  | CelOptional
  | readonly CelValue[]
  | CelMap;

/** Counts down the work of one evaluation: rounds of macros, elements copied or compared, characters read. */
export class Budget {
  left: number;

  constructor(most: number) {
    this.left = most;
  }

  /** Counts rounds or elements. */
  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new BudgetSpent('The expression does too much work; make it simpler, or its lists shorter.');
  }

  /** Counts characters or bytes, 16 of them as one unit. */
  spendText(length: number): void {
    this.spend((length >> 4) + 1);
  }
}

export type TypeName =
  | 'null_type'
  | 'bool'
  | 'double'
  | 'int'
  | 'uint'
  | 'string'
  | 'bytes'
  | 'google.protobuf.Timestamp'
  | 'google.protobuf.Duration'
  | 'type'
  | 'optional_type'
  | 'list'
  | 'map';

export function typeOf(value: CelValue): TypeName {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'double';
    case 'bigint':
      return 'int';
    case 'string':
      return 'string';
    case 'object':
      break;
  }
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'map';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof CelUint) return 'uint';
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp';
  if (value instanceof CelDuration) return 'google.protobuf.Duration';
  if (value instanceof CelType) return 'type';
  return value instanceof CelOptional ? 'optional_type' : 'map';
}

export function isMap(value: CelValue): value is CelMap {
  return typeOf(value) === 'map';
}

export function isList(value: CelValue): value is readonly CelValue[] {
  return Array.isArray(value);
}

/** A value as a map key; null when its type cannot be a key. */
export function keyOf(value: CelValue): CelKey | null {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof CelUint) return value.value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : null;
}

export function memberOfMap(map: CelMap, key: CelKey | null): CelValue | undefined {
  if (map instanceof Map) return key === null ? undefined : map.get(key);
  const members = map as { readonly [name: string]: CelValue };
  return typeof key === 'string' && Object.hasOwn(members, key) ? members[key] : undefined;
}

export function keysOf(map: CelMap): readonly CelKey[] {
  return map instanceof Map ? [...map.keys()] : Object.keys(map);
}

export function sizeOfMap(map: CelMap): number {
  return map instanceof Map ? map.size : Object.keys(map).length;
}

/** The value as a number; null when it is not a number. Ints compared with doubles count as doubles. */
export function numberOf(value: CelValue): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof CelUint ? value.value : null;
}

/** Are two values equal? Values of different types are not, except numbers, which are compared by value. */
export function equals(a: CelValue, b: CelValue, budget: Budget): boolean {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== null || other !== null) return one !== null && other !== null && compareNumbers(one, other) === 0;
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && equalLists(a, b, budget);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b, budget) === 0;
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanos === b.nanos;
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanos === b.nanos;
  if (a instanceof CelType) return b instanceof CelType && a.name === b.name;
  if (a instanceof CelOptional) return b instanceof CelOptional && equalOptionals(a, b, budget);
  return isMap(a) && isMap(b) && equalMaps(a, b, budget);
}

function equalLists(a: readonly CelValue[], b: readonly CelValue[], budget: Budget): boolean {
  if (a.length !== b.length) return false;
  budget.spend(a.length);
  return a.every((one, at) => equals(one, b[at] ?? null, budget));
}

function equalMaps(a: CelMap, b: CelMap, budget: Budget): boolean {
  if (sizeOfMap(a) !== sizeOfMap(b)) return false;
  budget.spend(sizeOfMap(a));
  return keysOf(a).every((key) => {
    const [one, other] = [memberOfMap(a, key), memberOfMap(b, key)];
    return one !== undefined && other !== undefined && equals(one, other, budget);
  });
}

function equalOptionals(a: CelOptional, b: CelOptional, budget: Budget): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equals(a.value, b.value, budget);
}

/** Negative, 0 or positive; null where CEL defines no order, as with NaN. Throws for types that cannot be compared. */
export function compare(a: CelValue, b: CelValue, budget: Budget): number | null {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== null && other !== null) return compareNumbers(one, other);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b, budget);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b, budget);
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return order(a.nanos, b.nanos);
  if (a instanceof CelDuration && b instanceof CelDuration) return order(a.nanos, b.nanos);
  throw new CelError(`${typeOf(a)} and ${typeOf(b)} have no order.`);
}

function compareNumbers(a: number | bigint, b: number | bigint): number | null {
  if (typeof a === typeof b) return order(a, b);
  return order(Number(a), Number(b));
}

function order<T extends number | bigint | string>(a: T, b: T): number | null {
  if (a === b) return 0;
  if (a < b) return -1;
  return a > b ? 1 : null;
}

/** Compares by code points, as CEL does: JavaScript would compare the two halves of a code point beyond U+FFFF. */
function compareTexts(a: string, b: string, budget: Budget): number {
  budget.spendText(Math.min(a.length, b.length));
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === most) return a.length - b.length;
  const isHalf = (code: number) => code >= 0xdc00 && code <= 0xdfff;
  if (at > 0 && (isHalf(a.charCodeAt(at)) || isHalf(b.charCodeAt(at)))) at -= 1;
  return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
}

function compareBytes(a: Uint8Array, b: Uint8Array, budget: Budget): number {
  const most = Math.min(a.length, b.length);
  budget.spendText(most);
  for (let at = 0; at < most; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
