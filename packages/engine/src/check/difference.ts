// Compares two observations of a world and finds their first difference.

/** Null when the two are equal; otherwise the first difference, such as `records.www was "a" and is "b"`. */
export function differenceOf(before: unknown, after: unknown, path = ''): string | null {
  if (Object.is(before, after)) return null;
  const one = partsOf(before);
  const other = partsOf(after);
  if (one === null || other === null || one.kind !== other.kind) return `${path || 'it'} was ${shown(before)} and is ${shown(after)}`;
  for (const key of new Set([...one.parts.keys(), ...other.parts.keys()])) {
    const place = path === '' ? String(key) : `${path}.${String(key)}`;
    if (!other.parts.has(key)) return `${place} was ${shown(one.parts.get(key))} and is gone`;
    if (!one.parts.has(key)) return `${place} was absent and is ${shown(other.parts.get(key))}`;
    const difference = differenceOf(one.parts.get(key), other.parts.get(key), place);
    if (difference !== null) return difference;
  }
  return null;
}

interface Parts {
  readonly kind: string;
  readonly parts: ReadonlyMap<unknown, unknown>;
}

/** The members of a value; null when values of its type are compared as a whole. An undefined member counts as absent. */
function partsOf(value: unknown): Parts | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return { kind: 'list', parts: new Map<unknown, unknown>([...value.entries(), ['length', value.length]]) };
  if (value instanceof Map) return { kind: 'map', parts: value };
  if (value instanceof Set) return { kind: 'set', parts: new Map([...value].map((one) => [one, true])) };
  if (ArrayBuffer.isView(value)) return { kind: 'bytes', parts: new Map([['', bytesOf(value)]]) };
  if ('toJSON' in value && typeof value.toJSON === 'function') return { kind: 'text', parts: new Map([['', String(value.toJSON())]]) };
  return { kind: 'object', parts: new Map(Object.entries(value).filter(([, one]) => one !== undefined)) };
}

/** As numbers, because different bytes that are not text would look equal as text. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return new Uint8Array(buffer, byteOffset, byteLength).join(' ');
}

function shown(value: unknown): string {
  const text = (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
