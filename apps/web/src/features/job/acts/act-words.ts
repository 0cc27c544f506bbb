// The acts of people in words, and what each gave: read as acts, not as states. Pure.
import { type Json, isJsonObject } from '@windlass/engine/definition';
import { objectOf } from '../../../lib/object-of.ts';
import type { ActEntry, Entry } from '@windlass/engine/run';
import type { NameOf } from '../run/names.ts';

/** A given value is cut in a line of the logbook; the card of the act has all of it. */
const LONGEST = 60;

/** A line of the logbook, after the name of the person: `skipped Probe, gave {"body":"x"}`. */
export function actLine(entry: ActEntry, nameOf: NameOf, failed?: readonly string[]): string {
  const data = entry.data ?? {};
  const value = entry.act === 'SKIP_FAILED' ? data['output'] : entry.act === 'SIGNAL' ? data['data'] : objectOf(data['answer'])['output'];
  return `${actWords(entry, nameOf, failed)}${gave(value)}`;
}

/** After the name of the person: `skipped Probe`. `failed` are the tasks that a retry began with. */
export function actWords(entry: ActEntry, nameOf: NameOf, failed: readonly string[] = []): string {
  const data = entry.data ?? {};
  const name = entry.atom === undefined ? 'the task' : nameOf(entry.atom);
  switch (entry.act) {
    case 'SUSPEND':
      return 'paused the job';
    case 'RESUME':
      return 'resumed the job';
    case 'CANCEL':
      return data['then'] === 'revert' ? 'cancelled the job, to roll back' : 'cancelled the job, to hold it';
    case 'ROLL_BACK':
      return `rolled back ${choiceWords(data['choice'], nameOf)}`;
    case 'APPLY_AGAIN':
      return `applied the job again${changed(data['parameters'], nameOf)}`;
    case 'RETRY_FAILED':
      return `retried ${failed.length === 0 ? 'what failed' : `from ${failed.map(nameOf).join(', ')}`}${changed(data['parameters'], nameOf)}`;
    case 'SKIP_FAILED':
      return `skipped ${name}`;
    case 'RETRY_REVERT':
      return `tried to revert ${name} again${data['output'] === undefined ? '' : ', with another saved output'}`;
    case 'MARK_REVERTED':
      return `marked ${name} as reverted`;
    case 'KEEP':
      return `kept ${name}`;
    case 'SETTLE_DOUBT':
      return settledWords(data['answer'], name);
    case 'ANSWER_APPROVAL':
      return `${data['approved'] === true ? 'approved' : 'rejected'} ${name}`;
    case 'SIGNAL':
      return `sent the signal “${text(data['name'])}”`;
    case 'TRY_AGAIN':
      return 'had the job tried again';
  }
}

/** By the number of each act that retried: the tasks that had failed. */
export function retriedTasks(entries: readonly Entry[]): ReadonlyMap<number, readonly string[]> {
  const failed = new Set<string>();
  const retried = new Map<number, readonly string[]>();
  for (const entry of entries) {
    if (entry.kind === 'ATOM' && entry.to === 'FAILURE') failed.add(entry.atom);
    else if (entry.kind === 'ATOM') failed.delete(entry.atom);
    else if (entry.kind === 'ACT' && entry.act === 'RETRY_FAILED') retried.set(entry.number, [...failed]);
  }
  return retried;
}

/** A value that a person gave in an act. */
export interface Given {
  readonly title: string;
  /** What stood there before; undefined where nothing did, or where the entries do not tell. */
  readonly before: Json | undefined;
  readonly after: Json;
}

/** What a person gave in an act, with what it replaced as far as these entries tell. */
export function givenIn(act: ActEntry, entries: readonly Entry[], nameOf: NameOf): readonly Given[] {
  const data = act.data ?? {};
  const given: Given[] = [];
  const outputs = objectOf(data['outputs']);
  for (const [atom, input] of Object.entries(objectOf(data['parameters']))) {
    const before = objectOf(inputBefore(atom, act, entries));
    const replaced = Object.fromEntries(
      Object.keys(objectOf(input)).flatMap((name) => (Object.hasOwn(before, name) ? [[name, before[name] ?? null]] : [])),
    );
    given.push({ title: `Input of ${nameOf(atom)}`, before: Object.keys(replaced).length === 0 ? undefined : replaced, after: input });
  }
  for (const [atom, output] of Object.entries(outputs)) {
    given.push({ title: `Saved output of ${nameOf(atom)}`, before: outputBefore(atom, act, entries), after: output });
  }
  if (act.atom !== undefined && data['output'] !== undefined) {
    const title = act.act === 'RETRY_REVERT' ? `Saved output of ${nameOf(act.atom)}` : `Outputs of ${nameOf(act.atom)}`;
    given.push({ title, before: act.act === 'RETRY_REVERT' ? outputBefore(act.atom, act, entries) : undefined, after: data['output'] });
  }
  const answer = objectOf(data['answer']);
  if (act.atom !== undefined && answer['output'] !== undefined) {
    given.push({ title: `Outputs of ${nameOf(act.atom)}`, before: undefined, after: answer['output'] });
  }
  if (act.act === 'SIGNAL' && data['data'] != null) given.push({ title: 'Data of the signal', before: undefined, after: data['data'] });
  return given;
}

/** Tasks that a person left out of a rollback with a reason, and differences that the person confirmed. */
export function confirmedIn(act: ActEntry): {
  readonly leftOut: readonly { readonly atom: string; readonly reason: string }[];
  readonly drift: readonly { readonly atom: string; readonly difference: string }[];
} {
  const list = (value: Json | undefined) => (Array.isArray(value) ? value.filter(isJsonObject) : []);
  return {
    leftOut: list(objectOf(act.data?.['choice'])['leaveOut']).map((one) => ({ atom: text(one['atom']), reason: text(one['reason']) })),
    drift: list(act.data?.['drift']).map((one) => ({ atom: text(one['atom']), difference: text(one['difference']) })),
  };
}

/** The input of the last attempt before the act. */
function inputBefore(atom: string, act: ActEntry, entries: readonly Entry[]): Json | undefined {
  const last = entries.findLast(
    (entry) => entry.number < act.number && entry.kind === 'ATOM' && entry.atom === atom && entry.data?.input !== undefined,
  );
  if (last?.kind !== 'ATOM') return undefined;
  const size = last.data?.stored?.input;
  return size === undefined ? last.data?.input : `A large input of ${size.toLocaleString()} characters, in entry ${last.number}.`;
}

/** The mark that the act left has the former output, or names the entry that has it. */
function outputBefore(atom: string, act: ActEntry, entries: readonly Entry[]): Json | undefined {
  const mark = entries.find(
    (entry) => entry.number > act.number && entry.kind === 'MARK' && entry.mark === 'OUTPUT_EDITED' && entry.atom === atom,
  );
  if (mark?.kind !== 'MARK') return undefined;
  const { before, beforeEntry } = mark.data ?? {};
  return beforeEntry === undefined ? (before ?? undefined) : `A large output, in entry ${beforeEntry}.`;
}

function choiceWords(choice: Json | undefined, nameOf: NameOf): string {
  const { kind, atoms, number } = objectOf(choice);
  if (kind === 'toEntry') return `to entry #${String(number)}`;
  if (kind !== 'atoms' || !Array.isArray(atoms)) return 'the whole job';
  const names = atoms.map((atom) => nameOf(text(atom)));
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function settledWords(answer: Json | undefined, name: string): string {
  const { kind } = objectOf(answer);
  if (kind === 'repeat') return `had ${name} repeated`;
  return `said that ${name} ${kind === 'failed' ? 'failed' : 'happened'}`;
}

function changed(parameters: Json | undefined, nameOf: NameOf): string {
  const atoms = Object.keys(objectOf(parameters));
  return atoms.length === 0 ? '' : `, with another input of ${atoms.map(nameOf).join(', ')}`;
}

function gave(value: Json | undefined): string {
  if (value == null || (isJsonObject(value) && Object.keys(value).length === 0)) return '';
  const json = JSON.stringify(value);
  return `, gave ${json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json}`;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
