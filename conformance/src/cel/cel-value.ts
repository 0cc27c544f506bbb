// Values of the public conformance data as our evaluator has them, and in words.
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import { DurationSchema, TimestampSchema, anyUnpack } from '@bufbuild/protobuf/wkt';
import {
  type CelKey,
  type CelValue,
  CelDuration,
  CelTimestamp,
  CelType,
  CelUint,
  isList,
  isMap,
  keysOf,
  memberOfMap,
  typeOf,
} from '@windlass/engine/cel';

/** Thrown for a value that is a message of Protocol Buffers, which our CEL does not have. */
export class NeedsProtobuf extends Error {}

export function fromProto({ kind }: Value): CelValue {
  switch (kind.case) {
    case 'nullValue':
      return null;
    case 'uint64Value':
      return new CelUint(kind.value);
    case 'boolValue':
    case 'int64Value':
    case 'doubleValue':
    case 'stringValue':
    case 'bytesValue':
      return kind.value;
    case 'typeValue':
      return new CelType(kind.value);
    case 'listValue':
      return kind.value.values.map(fromProto);
    case 'mapValue':
      return new Map(
        kind.value.entries.map(({ key, value }): [CelKey, CelValue] => [keyFrom(key), value === undefined ? null : fromProto(value)]),
      );
    case 'objectValue': {
      const timestamp = anyUnpack(kind.value, TimestampSchema);
      if (timestamp !== undefined) return new CelTimestamp(timestamp.seconds * 1_000_000_000n + BigInt(timestamp.nanos));
      const duration = anyUnpack(kind.value, DurationSchema);
      if (duration !== undefined) return new CelDuration(duration.seconds * 1_000_000_000n + BigInt(duration.nanos));
      throw new NeedsProtobuf(`the message ${kind.value.typeUrl}`);
    }
    case 'enumValue':
      throw new NeedsProtobuf(`the enumeration ${kind.value.type}`);
    case undefined:
      return null;
  }
}

function keyFrom(key: Value | undefined): CelKey {
  const value = key === undefined ? null : fromProto(key);
  if (value instanceof CelUint) return value.value;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  throw new NeedsProtobuf('a key of a map');
}

/** Equal and of the same types throughout, which CEL's own equality does not ask; NaN is itself here. */
export function isSameValue(a: CelValue, b: CelValue): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one, at) => isSameValue(one, b[at] ?? null));
  if (isMap(a) && isMap(b)) {
    const keys = keysOf(a);
    return keys.length === keysOf(b).length && keys.every((key) => isSameMember(memberOfMap(a, key), memberOfMap(b, key)));
  }
  return shown(a) === shown(b);
}

function isSameMember(a: CelValue | undefined, b: CelValue | undefined): boolean {
  return a !== undefined && b !== undefined && isSameValue(a, b);
}

export function shown(value: CelValue): string {
  if (value instanceof CelUint) return `${value.value}u`;
  if (value instanceof CelTimestamp) return `timestamp ${value.nanos}`;
  if (value instanceof CelDuration) return `duration ${value.nanos}`;
  if (value instanceof CelType) return `type ${value.name}`;
  if (value instanceof Uint8Array) return `b"${Buffer.from(value).toString('latin1')}"`;
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (isMap(value))
    return `{${keysOf(value)
      .map((key) => `${String(key)}: ${shown(memberOfMap(value, key) ?? null)}`)
      .join(', ')}}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : `${value}${Number.isInteger(value) ? '.0' : ''}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
