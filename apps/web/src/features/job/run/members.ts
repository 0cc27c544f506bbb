// The atoms of a run by the item of the definition that they belong to, from their address: `provision[3].attach` is the item attach
// in the fourth iteration of provision, `sub.attach` an atom inside the subflow sub. Pure; made anew as the run grows.
import { type FlowDefinition, placedItems } from '@windlass/engine/definition';
import { type AtomSnapshot, type CompiledFlow, isTaskKind } from '@windlass/engine/run';
import { type AtomLook, type StateLook, lookOf, lookOfAtom } from '../../../ui/state/state-look.ts';

/** The atoms of one item, in the order of their iterations. */
export interface Members {
  /** Atoms that are applied: the task itself, its stages, or all atoms of a subflow. */
  readonly tasks: readonly string[];
  /** Controls: retries, gates, lists, ends of rounds, a container's own revert. */
  readonly controls: readonly string[];
  /** What was applied in iterations that the list has no longer, and of which nothing stands; only the logbook still has it. */
  readonly gone?: readonly string[];
}

export type MembersByItem = ReadonlyMap<string, Members>;

interface Step {
  readonly id: string;
  readonly iteration: number | null;
}

export function stepsOf(address: string): Step[] {
  return address.split('.').map((part) => {
    const found = /^(.*)\[(\d+)\]$/.exec(part);
    return found === null ? { id: part, iteration: null } : { id: found[1] ?? part, iteration: Number(found[2]) };
  });
}

/** The iterations around an address, as written in it: `provision[3].` or empty. */
export function iterationOf(address: string): string {
  return /^((?:[^.[\]]+\[\d+\]\.)*)/.exec(address)?.[1] ?? '';
}

/** `[3]`, `[3][0]` or nothing: the iterations in short. */
export function shortIteration(address: string): string {
  return (address.match(/\[\d+\]/g) ?? []).join('');
}

/** The part of an address that names an item of the definition: the first part that is not an iteration. */
function ownerIn(address: string): string {
  const steps = stepsOf(address);
  return (steps.find(({ iteration }) => iteration === null) ?? steps.at(-1))?.id ?? address;
}

/** Ids of retries and reverts, with the id of the item that they belong to. */
export function aliasesOf(definition: FlowDefinition): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { item } of placedItems(definition)) {
    if (item.retry !== undefined) aliases.set(item.retry.id, item.id);
    if (item.kind === 'flow' && item.revert?.mode === 'task') aliases.set(item.revert.id, item.id);
  }
  return aliases;
}

/** The id of the item that an address belongs to. */
export function ownerOf(address: string, aliases: ReadonlyMap<string, string>): string {
  const id = ownerIn(address);
  return aliases.get(id) ?? id;
}

/** `empty` holds atoms of dropped iterations in which nothing stands. */
export function membersOf(flow: CompiledFlow, aliases: ReadonlyMap<string, string>, empty: ReadonlySet<string>): MembersByItem {
  const found = new Map<string, { tasks: string[]; controls: string[]; gone?: string[] }>();
  for (const { address, kind } of flow.atoms) {
    const owner = ownerOf(address, aliases);
    const known = found.get(owner) ?? { tasks: [], controls: [] };
    found.set(owner, known);
    const isTask = isTaskKind(kind);
    if (empty.has(address)) {
      if (!isTask) continue;
      if (known.gone === undefined) known.gone = [address];
      else known.gone.push(address);
    } else if (isTask) known.tasks.push(address);
    else known.controls.push(address);
  }
  return found;
}

/** Worst first, because a person has to see the state that needs a person. */
const WORST = ['REVERT_FAILURE', 'FAILURE', 'RETRYING', 'REVERTING', 'RUNNING', 'WAITING', 'PENDING', 'REVERTED', 'SUCCESS', 'IGNORE'];

/** Many atoms as one. */
export interface Aggregate {
  readonly look: StateLook;
  readonly state: string;
  /** Number of atoms that succeeded, were ignored or were skipped. */
  readonly done: number;
  /** In the state that is shown. */
  readonly same: number;
  readonly total: number;
}

export function aggregateOf(atoms: readonly (AtomSnapshot | undefined)[], lookIn: (atom: AtomLook) => StateLook = lookOfAtom): Aggregate {
  const doubtful = atoms.find((atom) => atom !== undefined && atom.inDoubt !== null);
  const states = atoms.map((atom) => atom?.state ?? 'PENDING');
  const done = states.filter((state) => state === 'SUCCESS' || state === 'IGNORE').length;
  const worst = WORST.find((state) => states.some((one) => one === state)) ?? 'PENDING';
  // Some atoms are done and others have not begun: shown as running, not as never run.
  const state = worst === 'PENDING' && done > 0 && done < states.length ? 'RUNNING' : worst;
  const alike = atoms.filter((atom) => atom?.state === worst);
  // Tasks without effect do not speak for those whose effect was undone.
  const one = alike.find((atom) => (atom?.revertAttempt ?? 0) > 0) ?? alike[0];
  const failed = state === 'REVERTED' ? atoms.filter((atom) => atom?.state === state && atom.failure !== null) : [];
  const lookOfMany = (): StateLook => {
    if (doubtful !== undefined) return lookIn(doubtful);
    if (failed.length > 0) return { ...lookOf('REVERTED'), hue: 'failed', icon: 'cross', word: `Reverted, ${failed.length} failed` };
    return lookIn(state === worst && one !== undefined ? one : { state });
  };
  const look = lookOfMany();
  return { look, state, done, same: states.filter((one) => one === state).length, total: atoms.length };
}

/** The atoms of one item as one. Those in dropped iterations that are settled are only counted, as `earlier` where they stand. */
export function aggregateIn(
  tasks: readonly string[],
  { atoms, dropped, lookIn = lookOfAtom }: ShownAtoms & { readonly lookIn?: (atom: AtomLook) => StateLook },
): Aggregate & { readonly earlier: number } {
  const isOld = (address: string) => dropped.has(address) && /^(SUCCESS|IGNORE|REVERTED)$/.test(atoms.get(address)?.state ?? '');
  const present = tasks.filter((address) => !isOld(address));
  const earlier = tasks.filter((address) => isOld(address) && atoms.get(address)?.state === 'SUCCESS').length;
  // With an empty list nothing but the dropped iterations is there.
  const shown = present.length === 0 ? tasks : present;
  const sum = aggregateOf(
    shown.map((address) => atoms.get(address)),
    lookIn,
  );
  return { ...sum, earlier: present.length === 0 ? 0 : earlier };
}

interface ShownAtoms {
  readonly atoms: ReadonlyMap<string, AtomSnapshot>;
  readonly dropped: ReadonlyMap<string, unknown>;
}

/** The line below the name of an item with many atoms. */
export function wholeLine({ done, same, total, look, earlier }: Aggregate & { readonly earlier: number }, isRetrying: boolean): string {
  const word = isRetrying ? 'Retrying' : look.word;
  const before = earlier === 0 ? '' : ` · ${earlier} earlier`;
  if (look.hue === 'revert') return `${same}/${total} · ${word}${before}`;
  return done === total ? `${done}/${total} · ${word}${before}` : `${done}/${total} done · ${word.toLowerCase()}${before}`;
}

/** The atom that a node shows: the selected one, the one in the iteration of the selected one, else the one that began last. */
export function shownMember(
  tasks: readonly string[],
  { selected, atoms }: { readonly selected: string | null; readonly atoms: ReadonlyMap<string, AtomSnapshot> },
): string | null {
  if (selected !== null && tasks.includes(selected)) return selected;
  const iteration = selected === null ? '' : iterationOf(selected);
  const beside = iteration === '' ? undefined : tasks.find((address) => iterationOf(address) === iteration);
  if (beside !== undefined) return beside;
  const begun = tasks.findLast((address) => (atoms.get(address)?.attempt ?? 0) > 0);
  return begun ?? tasks[0] ?? null;
}
