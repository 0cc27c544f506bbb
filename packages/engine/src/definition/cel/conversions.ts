// Conversions between types: int(…), double(…), string(…).
import { intOf, uintOf } from './arithmetic.ts';
import { durationText, timestampText } from './times.ts';
import { CelDuration, CelError, CelTimestamp, CelUint, type CelValue, typeOf } from './value.ts';

export function toInt(value: CelValue): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof CelUint) return intOf(value.value);
  // Near the limit of 64 bits a double is rounded and can exceed it.
  if (typeof value === 'number' && Math.abs(value) < 2 ** 63) return BigInt(Math.trunc(value));
  if (typeof value === 'string' && /^[+-]?\d{1,30}$/.test(value)) return intOf(BigInt(value.replace('+', '')));
  if (value instanceof CelTimestamp) return floorSeconds(value.nanos);
  throw cannot('int', value);
}

export function toUint(value: CelValue): CelUint {
  if (value instanceof CelUint) return value;
  if (typeof value === 'bigint') return uintOf(value);
  if (typeof value === 'number' && value > -1 && value < 2 ** 64) return uintOf(BigInt(Math.trunc(value)));
  if (typeof value === 'string' && /^\+?\d{1,30}$/.test(value)) return uintOf(BigInt(value.replace('+', '')));
  throw cannot('uint', value);
}

export function toDouble(value: CelValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (typeof value === 'string') {
    if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return Number(value);
    const named = /^([+-]?)(inf|infinity|nan)$/i.exec(value);
    if (named !== null) return named[2]?.toLowerCase() === 'nan' ? Number.NaN : Number(`${named[1] === '-' ? '-' : ''}Infinity`);
  }
  throw cannot('double', value);
}

export function toText(value: CelValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Math.abs(value) === Number.POSITIVE_INFINITY ? `${value > 0 ? '+' : '-'}Inf` : String(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof CelTimestamp) return timestampText(value);
  if (value instanceof CelDuration) return durationText(value);
  if (value instanceof Uint8Array) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch (cause) {
      throw new CelError('The bytes are not text in UTF-8.', { cause });
    }
  }
  throw cannot('string', value);
}

export function toBytes(value: CelValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  throw cannot('bytes', value);
}

const YES: readonly string[] = ['1', 't', 'true', 'TRUE', 'True'];
const NO: readonly string[] = ['0', 'f', 'false', 'FALSE', 'False'];

export function toBoolean(value: CelValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && YES.includes(value)) return true;
  if (typeof value === 'string' && NO.includes(value)) return false;
  throw cannot('bool', value);
}

function floorSeconds(nanos: bigint): bigint {
  const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return (nanos - rest) / 1_000_000_000n;
}

function cannot(type: string, value: CelValue): CelError {
  const shown =
    typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : typeof value === 'number' ? String(value) : `A ${typeOf(value)}`;
  return new CelError(`${shown} cannot become ${type === 'int' ? 'an' : 'a'} ${type}.`);
}
