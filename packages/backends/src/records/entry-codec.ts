// How the entries of one commit are written as one text: arrays instead of objects, actors named once, times as
// differences. A job of ten empty steps takes about 190 bytes a step in all; as plain JSON it takes 560.
// States and kinds stay words, because people read them in the database too.
import { EngineError } from '@windlass/engine/ports';
import { ACT_KINDS, type Actor, ATOM_STATES, type Entry, JOB_STATES, type MarkEntry, RUN_STATES } from '@windlass/engine/run';

const MARKS: readonly MarkEntry['mark'][] = ['KEPT', 'IN_DOUBT', 'DOUBT_SETTLED', 'OUTPUT_EDITED', 'ASKED', 'STOPPING', 'ENDED', 'CAUGHT'];

type Row = readonly unknown[];
interface Body {
  /** Time of the first entry. */
  readonly t: number;
  /** Token of all of them. */
  readonly k: number;
  /** The name is left out when it equals the id, as for conductors. */
  readonly a: readonly (readonly [kind: string, id: string, name?: string])[];
  readonly e: readonly Row[];
}

/** Encodes the entries of one commit; they share a token. */
export function encodeEntries(entries: readonly Entry[]): string {
  const t = entries[0]?.time ?? 0;
  const actors: Actor[] = [];
  const rows = entries.map((entry): Row => {
    let by = actors.findIndex(({ kind, id, name }) => kind === entry.actor.kind && id === entry.actor.id && name === entry.actor.name);
    if (by < 0) by = actors.push(entry.actor) - 1;
    return encodeEntry(entry, entry.time - t, by);
  });
  const body: Body = {
    t,
    k: entries[0]?.token ?? 0,
    a: actors.map(({ kind, id, name }) => (name === id ? ([kind, id] as const) : ([kind, id, name] as const))),
    e: rows,
  };
  return JSON.stringify(body);
}

function encodeEntry(entry: Entry, after: number, by: number): Row {
  const data = entry.data === undefined ? [] : [entry.data];
  switch (entry.kind) {
    case 'ATOM':
      return ['A', after, by, entry.atom, entry.attempt, entry.from, entry.to, ...data];
    case 'RUN':
      return ['R', after, by, entry.from, entry.to, ...data];
    case 'JOB':
      return ['J', after, by, entry.from, entry.to, ...data];
    case 'MARK':
      return ['M', after, by, entry.atom, entry.attempt, entry.mark, ...data];
    case 'ACT':
      return ['P', after, by, entry.act, entry.reason, entry.atom ?? null, ...data];
  }
}

/** Decodes one record. Throws LOGBOOK_BROKEN, with the name of the record, for anything unknown. */
export function decodeEntries(record: { readonly job: string; readonly first: number; readonly body: string }): Entry[] {
  const broken = (why: string, cause?: unknown): EngineError =>
    new EngineError('LOGBOOK_BROKEN', `The logbook of ${record.job} cannot be read at entry ${record.first}: ${why}.`, { cause });
  let body: Body;
  try {
    body = JSON.parse(record.body) as Body;
  } catch (cause) {
    throw broken('it is not JSON', cause);
  }
  if (!isBody(body)) throw broken('it is not a record of entries');
  return body.e.map((row, index) => {
    const actor = body.a[Number(row[2])];
    if (actor === undefined) throw broken('an actor is missing');
    const base = {
      number: record.first + index,
      time: body.t + Number(row[1]),
      token: body.k,
      actor: { kind: actor[0], id: actor[1], name: actor[2] ?? actor[1] } as Actor,
    };
    const entry = decodeEntry(base, row);
    if (typeof entry === 'string') throw broken(entry);
    return entry;
  });
}

function isBody(body: unknown): body is Body {
  if (typeof body !== 'object' || body === null) return false;
  const { t, k, a, e } = body as { readonly [part in keyof Body]?: unknown };
  return typeof t === 'number' && typeof k === 'number' && Array.isArray(a) && Array.isArray(e) && e.every(Array.isArray);
}

function decodeEntry(base: Pick<Entry, 'number' | 'time' | 'token' | 'actor'>, row: Row): Entry | string {
  switch (row[0]) {
    case 'A':
      if (!isWord(ATOM_STATES, row[5]) || !isWord(ATOM_STATES, row[6])) return `unknown state ${row[5]} or ${row[6]}`;
      return { ...base, kind: 'ATOM', atom: String(row[3]), attempt: Number(row[4]), from: row[5], to: row[6], ...dataOf(row[7]) };
    case 'R':
      if (!isWord(RUN_STATES, row[3]) || !isWord(RUN_STATES, row[4])) return `unknown state ${row[3]} or ${row[4]}`;
      return { ...base, kind: 'RUN', from: row[3], to: row[4], ...dataOf(row[5]) };
    case 'J':
      if ((row[3] !== null && !isWord(JOB_STATES, row[3])) || !isWord(JOB_STATES, row[4])) return `unknown state ${row[3]} or ${row[4]}`;
      return { ...base, kind: 'JOB', from: row[3], to: row[4], ...dataOf(row[5]) };
    case 'M':
      if (!isWord(MARKS, row[5])) return `unknown mark ${row[5]}`;
      return { ...base, kind: 'MARK', atom: String(row[3]), attempt: Number(row[4]), mark: row[5], ...dataOf(row[6]) };
    case 'P':
      if (!isWord(ACT_KINDS, row[3])) return `unknown act ${row[3]}`;
      return {
        ...base,
        kind: 'ACT',
        act: row[3],
        reason: String(row[4]),
        ...(row[5] === null ? {} : { atom: String(row[5]) }),
        ...dataOf(row[6]),
      };
    default:
      return `unknown kind ${String(row[0])}`;
  }
}

function dataOf(data: unknown): { readonly data?: never } {
  return data === undefined ? {} : { data: data as never };
}

function isWord<Word extends string>(words: readonly Word[], value: unknown): value is Word {
  return (words as readonly unknown[]).includes(value);
}
