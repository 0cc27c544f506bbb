// `preset` writes states to storage as a crash would leave them. Here that is a logbook which means the same: every
// atom that is not PENDING was started, in an order that the flow allows, and came to its state by legal entries.
import type { Json, JsonObject } from '@windlass/engine/definition';
import type { Actor, AtomState, Entry, EntryDraft } from '@windlass/engine/run';
import { z } from 'zod';
import { NotRunnable, type Step } from './case.ts';
import type { Prepared } from './definition.ts';
import { valuesOf } from './names.ts';
import type { Spot, Spots } from './spots.ts';
import type { Plan } from './subject.ts';

interface PresetAtom {
  readonly state: string;
  readonly result: Json;
  readonly failed: boolean;
  readonly isToRevert: boolean;
}
export interface Presets {
  readonly flow: string;
  readonly atoms: ReadonlyMap<string, PresetAtom>;
}

const shape = z.strictObject({
  state: z.string().optional(),
  result: z.json().optional(),
  failure: z.boolean().optional(),
  intention: z.string().optional(),
});

/** Adds one preset to those before it. */
export function takePreset(before: Presets | null, step: Step): Presets {
  const atoms = new Map(before?.atoms);
  for (const [name, raw] of Object.entries(z.record(z.string(), z.unknown()).parse(step['atoms'] ?? {}))) {
    const parsed = shape.safeParse(raw);
    if (!parsed.success) throw new NotRunnable(`unknown shape of a preset: ${Object.keys(raw as object).join(', ')}`);
    const { state, result, failure, intention } = parsed.data;
    const known = atoms.get(name);
    const failed = failure ?? known?.failed ?? false;
    const came = result !== undefined ? 'SUCCESS' : failure === true ? 'FAILURE' : undefined;
    atoms.set(name, {
      state: state ?? came ?? known?.state ?? 'PENDING',
      result: result ?? known?.result ?? null,
      failed,
      isToRevert: intention === undefined ? (known?.isToRevert ?? false) : intention === 'REVERT',
    });
  }
  const flow = typeof step['flow_state'] === 'string' ? step['flow_state'] : (before?.flow ?? 'PENDING');
  return { flow, atoms };
}

const conductor: Actor = { kind: 'conductor', id: 'c0', name: 'c0' };
const UNDONE: ReadonlySet<string> = new Set(['REVERTING', 'REVERTED', 'REVERT_FAILURE']);

interface Scene {
  readonly plan: Plan;
  readonly prepared: Prepared;
  readonly first: number;
}

/** Entries that follow the posting. None when nothing had begun. */
export function presetEntries({ atoms, flow }: Presets, { plan, prepared, first }: Scene): Entry[] {
  if (atoms.size === 0 && flow === 'PENDING') return [];
  const drafts: EntryDraft[] = [
    { kind: 'JOB', from: 'UNCLAIMED', to: 'CLAIMED' },
    { kind: 'RUN', from: 'PENDING', to: 'RUNNING' },
  ];
  for (const name of atoms.keys()) if (!prepared.ids.has(name)) throw new NotRunnable(`a preset of ${name}, which is not in the flow`);
  const given = { store: plan.store, resultOf: (name: string) => atoms.get(name)?.result };
  const begun = inOrder(plan.spots).flatMap(({ atom, index }) => {
    const preset = atom === null ? undefined : atoms.get(atom.name);
    if (atom === null || preset === undefined || preset.state === 'PENDING') return [];
    const input = valuesOf(plan.args.get(index) ?? [], given).values;
    return [{ id: prepared.ids.get(atom.name) ?? '', isRetry: atom.kind === 'retry', input, ...preset }];
  });
  const retrying = begun.find(({ state }) => state === 'RETRYING');
  const isReverting = retrying === undefined && begun.some(({ state, isToRevert }) => UNDONE.has(state) || isToRevert);
  const undone = begun.filter(({ state }) => UNDONE.has(state));
  // Something must have failed for anything to be undone: the last of it, where the case does not say.
  const failed = begun.find((one) => one.failed) ?? (isReverting || retrying ? undone.at(-1) : undefined);
  const move = (one: { id: string }, move: readonly [AtomState, AtomState], data?: JsonObject) =>
    drafts.push({ kind: 'ATOM', atom: one.id, attempt: 1, from: move[0], to: move[1], ...(data ? { data } : {}) });
  for (const one of begun) {
    move(one, ['PENDING', 'RUNNING'], one.isRetry ? undefined : { input: one.input });
    if (one.failed || one === failed) move(one, ['RUNNING', 'FAILURE'], { failure: { code: 'FAILED', message: 'preset failure' } });
    else if (one.isRetry) move(one, ['RUNNING', 'SUCCESS'], { output: { value: one.result ?? 1, attempt: 1 } });
    else if (one.state !== 'RUNNING') move(one, ['RUNNING', 'SUCCESS'], { output: { result: one.result } });
  }
  if (retrying !== undefined) {
    const data = { decision: 'RETRY', atom: failed?.id ?? '' };
    if (failed !== undefined) drafts.push({ kind: 'MARK', atom: retrying.id, attempt: 1, mark: 'ASKED', data } as unknown as EntryDraft);
  } else if (isReverting) {
    const rollback = { atoms: 'all', then: 'stop' } as const;
    drafts.push({ kind: 'RUN', from: 'RUNNING', to: 'REVERTING', data: { rollback } });
  }
  for (const one of [...undone].reverse()) {
    const from = one.failed || one === failed ? 'FAILURE' : 'SUCCESS';
    move(one, [from, 'REVERTING'], { revertAttempt: 1 });
    if (one.state !== 'REVERTING') move(one, ['REVERTING', one.state as AtomState]);
  }
  if (retrying !== undefined) {
    // Setting back is one entry here: what TaskFlow had still to set back is set back with the rest.
    const again = begun.flatMap((one) => (one === retrying ? [] : [one.id]));
    move(retrying, ['SUCCESS', 'RETRYING' as AtomState], { again });
  }
  return drafts.map((draft, at) => ({ ...draft, number: first + at, time: 1_000, actor: conductor, token: 1 }) as Entry);
}

/** Spots so that each stands after what it waits for. */
function inOrder({ spots }: Spots): Spot[] {
  const waits = spots.map(({ before }) => before.length);
  const free = spots.filter(({ before }) => before.length === 0);
  const sorted: Spot[] = [];
  for (let spot = free.shift(); spot !== undefined; spot = free.shift()) {
    sorted.push(spot);
    for (const next of spot.after) {
      waits[next] = (waits[next] ?? 0) - 1;
      const found = spots[next];
      if (waits[next] === 0 && found !== undefined) free.push(found);
    }
  }
  return sorted;
}
