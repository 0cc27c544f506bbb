// Entries -> lanes and bars. Pure; the component only draws.
// 1. The first lane is the whole job, then a lane per task in definition order.
// 2. An apply is a bar above the middle line, a revert is a bar below it; each attempt has its own bar.
// 3. A bar with `to: null` has not ended.
// 4. An item with several atoms (iterations, stages, a subflow) has one lane with all their bars; unfolded, a lane per
//    atom follows it. A retry has a lane if it had to try again.
// 5. A back-off ends with the next entry of its atom, and with the pause or the end of the run. An attempt has a bar once it is called.
// 6. Entries may begin in the middle of the logbook: earlier bars come from the atoms' own times.
import { type FlowDefinition, type Item, placedItems } from '@windlass/engine/definition';
import type { AtomSnapshot, Entry } from '@windlass/engine/run';
import { type Hue, lookOf } from '../../../ui/state/state-look.ts';
import { actWords, retriedTasks } from '../acts/act-words.ts';
import type { MembersByItem } from '../run/members.ts';
import { lower } from '../run/words.ts';

export interface Bar {
  readonly kind: 'apply' | 'revert' | 'wait';
  readonly from: number;
  readonly to: number | null;
  readonly hue: Hue;
  /** Number of the attempt; 0 when the bar is not an attempt. */
  readonly attempt: number;
}
export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly kind: 'job' | 'task' | 'retry';
  readonly bars: readonly Bar[];
  /** For an item with several atoms: the number of lanes that they can have, and whether these are shown. */
  readonly fold?: { readonly count: number; readonly open: boolean };
  /** 1 for a lane that is unfolded. */
  readonly depth?: number;
}

/** Further options of the lanes; all are optional. */
export interface LaneOptions {
  readonly members?: MembersByItem;
  /** Items whose atoms have lanes of their own. */
  readonly open?: ReadonlySet<string>;
  readonly nameOf?: (address: string) => string;
}
/** A person's act (diamond) or a change of the claim (flag). */
export interface Mark {
  readonly kind: 'act' | 'claim';
  readonly time: number;
  readonly number: number;
  readonly label: string;
}
export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly marks: readonly Mark[];
  readonly from: number;
  /** The last known time. */
  readonly to: number;
  readonly going: boolean;
}

type Open = { -readonly [Field in keyof Bar]: Bar[Field] };

export function timelineOf(
  definition: FlowDefinition,
  entries: readonly Entry[],
  atoms: Iterable<AtomSnapshot>,
  options: LaneOptions = {},
): Timeline {
  const bars = new Map<string, Open[]>();
  const root = definition.root.id;
  const laneBars = (id: string): Open[] => {
    const known = bars.get(id);
    if (known !== undefined) return known;
    const made: Open[] = [];
    bars.set(id, made);
    return made;
  };
  const marks: Mark[] = [];
  const nameOf = options.nameOf ?? ((id: string) => id);
  const retried = retriedTasks(entries);
  const first = entries[0];
  if (first !== undefined && first.number > 1) for (const atom of atoms) before(laneBars(atom.atom), atom, first);
  for (const entry of entries) {
    if (entry.kind === 'ATOM') atomBar(laneBars(entry.atom), entry);
    else if (entry.kind === 'RUN') runBar(laneBars(root), entry);
    else if (entry.kind === 'ACT') {
      marks.push({
        kind: 'act',
        time: entry.time,
        number: entry.number,
        label: `${entry.actor.name} ${actWords(entry, nameOf, retried.get(entry.number))}${entry.reason === '' ? '' : ` (${entry.reason})`}`,
      });
    } else if (entry.kind === 'JOB') {
      queueBar(laneBars(root), entry);
      if (entry.to !== 'CLAIMED' && entry.from !== 'CLAIMED') continue;
      marks.push({ kind: 'claim', time: entry.time, number: entry.number, label: `${entry.actor.name}: ${lower(entry.to)}` });
    }
  }
  const deadAt = deadLetterTime(entries);
  if (deadAt !== null) for (const one of bars.values()) stopAt(one, deadAt);
  const restsAt = deadAt ?? restTime(entries);
  if (restsAt !== null) for (const one of bars.values()) endBackOff(one, restsAt);
  const lanes: Lane[] = [{ id: root, name: definition.name, kind: 'job', bars: bars.get(root) ?? [] }];
  for (const { item } of placedItems(definition)) lanes.push(...lanesOf(item, bars, options));
  const all = [...bars.values()].flat();
  const times = [...all.map(({ from }) => from), ...(first === undefined ? [] : [first.time])];
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = all.reduce((most, bar) => Math.max(most, bar.to ?? bar.from), entries.at(-1)?.time ?? 0);
  return { lanes, marks, from: Number.isFinite(from) ? from : to, to, going: all.some((bar) => bar.to === null && bar.kind !== 'wait') };
}

function lanesOf(item: Item, bars: ReadonlyMap<string, Open[]>, { members, open, nameOf = (id) => id }: LaneOptions): Lane[] {
  const own = members?.get(item.id);
  const lanes: Lane[] = [];
  for (const control of own?.controls ?? []) {
    const tries = bars.get(control) ?? [];
    if (tries.some(({ kind }) => kind === 'wait')) lanes.push({ id: control, name: nameOf(control), kind: 'retry', bars: tries });
  }
  if (item.kind === 'flow') return lanes;
  const gone = (own?.gone ?? []).filter((one) => bars.has(one));
  const tasks = [...(own?.tasks ?? [item.id]), ...gone];
  const [only] = tasks;
  if (tasks.length < 2) return [...lanes, { id: only ?? item.id, name: item.name, kind: 'task', bars: bars.get(only ?? item.id) ?? [] }];
  // Atoms that have not begun have no bars.
  const begun = tasks.filter((one) => bars.has(one));
  const isOpen = open?.has(item.id) === true;
  const all = begun.flatMap((one) => bars.get(one) ?? []).sort((a, b) => a.from - b.from);
  lanes.push({
    id: item.id,
    name: item.name,
    kind: 'task',
    bars: all.map((bar) => ({ ...bar, attempt: 0 })),
    fold: { count: tasks.length, open: isOpen },
  });
  if (isOpen) {
    const laneName = (one: string) => (gone.includes(one) ? `${nameOf(one)}, no longer in the list` : nameOf(one));
    for (const one of begun) lanes.push({ id: one, name: laneName(one), kind: 'task', bars: bars.get(one) ?? [], depth: 1 });
  }
  return lanes;
}

/** Time at which the job became a dead letter; null if it goes on. No call is under way from then until a person acts. */
function deadLetterTime(entries: readonly Entry[]): number | null {
  const last = entries.findLast((entry) => entry.kind === 'JOB');
  return last?.kind === 'JOB' && last.data?.attention === 'dead_lettered' ? last.time : null;
}

/** Time at which the run was paused or ended; null while it goes on. No attempt begins from then on. */
function restTime(entries: readonly Entry[]): number | null {
  const last = entries.findLast((entry) => entry.kind === 'RUN');
  if (last?.kind !== 'RUN') return null;
  return last.to === 'RUNNING' || last.to === 'REVERTING' || last.to === 'SUSPENDING' ? null : last.time;
}

function endBackOff(lane: readonly Open[], time: number): void {
  for (const bar of lane) if (bar.kind === 'wait' && bar.to !== null && bar.to > time) bar.to = Math.max(bar.from, time);
}

function stopAt(lane: readonly Open[], time: number): void {
  for (const bar of lane) {
    if (bar.to !== null || bar.kind === 'wait') continue;
    bar.to = time;
    bar.hue = 'doubt';
  }
}

/** The bars of an atom before the first loaded entry. */
function before(lane: Open[], atom: AtomSnapshot, first: Entry): void {
  if (atom.startNumber === 0 || atom.startNumber >= first.number) return;
  const open = atom.state === 'RUNNING';
  const undone = atom.state === 'REVERTED' || atom.state === 'REVERTING' || atom.state === 'REVERT_FAILURE';
  const to = open ? null : undone ? atom.startedAt : Math.max(atom.startedAt, atom.endedAt);
  lane.push({ kind: 'apply', from: atom.startedAt, to, hue: lookOf(undone ? 'SUCCESS' : atom.state).hue, attempt: atom.attempt });
}

function close(lane: Open[], time: number, hue?: Hue): void {
  const last = lane.at(-1);
  if (last === undefined || last.to !== null) return;
  last.to = time;
  // A wait is drawn as a wait, whatever its outcome.
  if (hue !== undefined && last.kind !== 'wait') last.hue = hue;
}

/** A call that came to a wait took its outcome from what came of the wait: none of its bars is left as if it ran. */
function colour(lane: readonly Open[], hue: Hue): void {
  for (const bar of lane) if (bar.kind === 'apply' && bar.hue === 'running' && bar.to !== null) bar.hue = hue;
}

/** A task that waited from its start was never called: its outcome is a mark at the end of the wait. */
function markOutcome(lane: Open[], { from, time, attempt }: Extract<Entry, { kind: 'ATOM' }>, hue: Hue): void {
  const isDrawn = from !== 'PENDING' && lane.some((bar) => bar.kind === 'apply' && bar.attempt === attempt);
  if (!isDrawn) lane.push({ kind: 'apply', from: time, to: time, hue, attempt });
}

/** In older logbooks the call after a back-off has no entry of its own: it began when the back-off ended. */
function unloggedRevert(lane: Open[], { time, data }: Extract<Entry, { kind: 'ATOM' }>): void {
  const last = lane.at(-1);
  if (last === undefined || last.to === null) return;
  const attempt = (lane.findLast(({ kind }) => kind === 'revert')?.attempt ?? 0) + 1;
  // A revert that was done after its time limit, or by hand, gives its reason: no further attempt was called.
  lane.push({
    kind: 'revert',
    to: null,
    hue: 'revert',
    ...(data?.reason === undefined ? { from: last.to, attempt } : { from: time, attempt: 0 }),
  });
}

function atomBar(lane: Open[], entry: Extract<Entry, { kind: 'ATOM' }>): void {
  const { time, attempt, data } = entry;
  // The next entry of the atom ends a back-off, also before its planned end.
  const last = lane.at(-1);
  if (last?.kind === 'wait' && last.to !== null && last.to > time) last.to = time;
  switch (entry.to) {
    case 'RUNNING':
      if (data?.repeated) return;
      close(lane, time);
      lane.push({ kind: 'apply', from: time, to: null, hue: 'running', attempt });
      return;
    case 'WAITING':
      close(lane, time);
      lane.push({ kind: 'wait', from: time, to: null, hue: 'waiting', attempt: 0 });
      return;
    case 'RETRYING': {
      close(lane, time);
      const until = Math.max(time, data?.notBefore ?? 0);
      if (until > time) lane.push({ kind: 'wait', from: time, to: until, hue: 'doubt', attempt });
      return;
    }
    case 'SUCCESS':
      close(lane, time, 'success');
      if (last?.kind === 'wait') markOutcome(lane, entry, 'success');
      return colour(lane, 'success');
    case 'FAILURE':
      close(lane, time, 'failed');
      markOutcome(lane, entry, 'failed');
      return colour(lane, 'failed');
    case 'REVERTING':
      if (entry.from === 'REVERTING' && data?.failure) unloggedRevert(lane, entry);
      close(lane, time, entry.from === 'REVERTING' && data?.failure ? 'failed' : undefined);
      colour(lane, 'waiting');
      if (data?.notBefore === undefined)
        lane.push({ kind: 'revert', from: time, to: null, hue: 'revert', attempt: data?.revertAttempt ?? 1 });
      // A wait for another job ends with that job, before its planned end.
      else if (data.waiting) lane.push({ kind: 'wait', from: time, to: null, hue: 'waiting', attempt: 0 });
      else if (data.notBefore > time) lane.push({ kind: 'wait', from: time, to: data.notBefore, hue: 'waiting', attempt: 0 });
      return;
    case 'REVERTED':
      if (entry.from === 'REVERTING') unloggedRevert(lane, entry);
      close(lane, time, 'revert');
      colour(lane, 'waiting');
      // Without a call nothing was undone, except by hand, or by a call that had been given up.
      if (entry.from !== 'REVERTING' && (data?.byHand || entry.from === 'REVERT_FAILURE'))
        lane.push({ kind: 'revert', from: time, to: time, hue: 'revert', attempt: 0 });
      return;
    case 'REVERT_FAILURE':
      if (entry.from === 'REVERTING') unloggedRevert(lane, entry);
      return close(lane, time, 'failed');
    case 'IGNORE':
    case 'PENDING':
      return;
  }
}

/** From posting until the first claim. */
function queueBar(lane: Open[], { from, to, time }: Extract<Entry, { kind: 'JOB' }>): void {
  if (from === null) lane.push({ kind: 'wait', from: time, to: null, hue: 'claimed', attempt: 0 });
  else if (to === 'CLAIMED' && lane.length === 1) close(lane, time);
}

function runBar(lane: Open[], { to, time, data }: Extract<Entry, { kind: 'RUN' }>): void {
  const outcome = data?.forward?.kind === 'failed' ? 'failed' : data?.forward?.kind === 'cancelled' ? 'ignored' : undefined;
  switch (to) {
    case 'RUNNING':
      close(lane, time);
      lane.push({ kind: 'apply', from: time, to: null, hue: 'running', attempt: 0 });
      return;
    case 'REVERTING':
      close(lane, time, outcome);
      lane.push({ kind: 'revert', from: time, to: null, hue: 'revert', attempt: 0 });
      return;
    case 'SUSPENDED':
      close(lane, time);
      lane.push({ kind: 'wait', from: time, to: null, hue: 'waiting', attempt: 0 });
      return;
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
      return close(lane, time, 'revert');
    case 'SUCCESS':
    case 'FAILURE':
    case 'REVERT_FAILED':
      return close(lane, time, lookOf(to).hue);
    case 'SUSPENDING':
    case 'PENDING':
      return;
  }
}
