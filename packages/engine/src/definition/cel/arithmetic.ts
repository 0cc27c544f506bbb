// Arithmetic (S1). As in CEL, ints and uints have 64 bits and an overflow is an error. Beyond CEL, a JSON number,
// which is a double, can be combined with an int or uint, and `%` works on doubles that are whole numbers.
import { type Budget, CelDuration, CelError, CelTimestamp, CelUint, type CelValue, isList, numberOf, typeOf } from './value.ts';

export type Sign = '+' | '-' | '*' | '/' | '%';

const MOST_INT = 2n ** 63n - 1n;
const LEAST_INT = -(2n ** 63n);
const MOST_UINT = 2n ** 64n - 1n;
/** First and last nanosecond of the years 1 to 9999. */
const FIRST = -62_135_596_800n * 1_000_000_000n;
const LAST = 253_402_300_800n * 1_000_000_000n - 1n;

export function intOf(value: bigint): bigint {
  if (value >= LEAST_INT && value <= MOST_INT) return value;
  throw new CelError(`${value} does not fit into an int of 64 bits.`);
}

export function uintOf(value: bigint): CelUint {
  if (value >= 0n && value <= MOST_UINT) return new CelUint(value);
  throw new CelError(`${value} does not fit into a uint of 64 bits.`);
}

export function timestampOf(nanos: bigint): CelTimestamp {
  if (nanos >= FIRST && nanos <= LAST) return new CelTimestamp(nanos);
  throw new CelError('A timestamp lies in the years 1 to 9999.');
}

export function durationOf(nanos: bigint): CelDuration {
  if (nanos >= LEAST_INT && nanos <= MOST_INT) return new CelDuration(nanos);
  throw new CelError('A duration is at most 292 years long.');
}

export function calculate(sign: Sign, [a, b]: readonly [CelValue, CelValue], budget: Budget): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') return intOf(whole(sign, a, b));
  if (a instanceof CelUint && b instanceof CelUint) return uintOf(whole(sign, a.value, b.value));
  if (typeof a === 'number' || typeof b === 'number') {
    const [one, other] = [numberOf(a), numberOf(b)];
    if (one !== null && other !== null) return real(sign, Number(one), Number(other));
  }
  const joined = sign === '+' ? join(a, b, budget) : null;
  const moved = joined ?? (sign === '+' || sign === '-' ? move(sign, a, b) : null);
  if (moved === null) throw new CelError(`No such overload: ${typeOf(a)} ${sign} ${typeOf(b)}.`);
  return moved;
}

function whole(sign: Sign, a: bigint, b: bigint): bigint {
  if (b === 0n && (sign === '/' || sign === '%')) throw new CelError(`${sign} by zero has no value.`);
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      // The quotient of the least int by -1 does not fit into 64 bits, and CEL makes the remainder an error too.
      if (b === -1n) intOf(a / b);
      return a % b;
  }
}

function real(sign: Sign, a: number, b: number): number {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%': {
      const odd = [a, b].find((one) => !Number.isInteger(one));
      if (odd !== undefined) throw new CelError(`% needs whole numbers; ${odd} is not whole.`);
      if (b === 0) throw new CelError('% by zero has no value.');
      return a % b;
    }
  }
}

function join(a: CelValue, b: CelValue, budget: Budget): CelValue | null {
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spendText(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    budget.spend(a.length + b.length);
    return [...a, ...b];
  }
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return null;
  budget.spendText(a.length + b.length);
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** Adds or subtracts timestamps and durations; null for any other pair of types. */
function move(sign: '+' | '-', a: CelValue, b: CelValue): CelValue | null {
  if (b instanceof CelDuration) {
    const by = sign === '+' ? b.nanos : -b.nanos;
    if (a instanceof CelTimestamp) return timestampOf(a.nanos + by);
    if (a instanceof CelDuration) return durationOf(a.nanos + by);
  }
  if (b instanceof CelTimestamp) {
    if (sign === '+' && a instanceof CelDuration) return timestampOf(a.nanos + b.nanos);
    if (sign === '-' && a instanceof CelTimestamp) return durationOf(a.nanos - b.nanos);
  }
  return null;
}

export function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return intOf(-value);
  if (typeof value === 'number') return -value;
  throw new CelError(`No such overload: -${typeOf(value)}.`);
}
