// Catches a failure (P11): the links on failure of an item are evaluated after its retry, in definition order.
// 1. The first whose condition is true, or that has none, is taken: the mark CAUGHT begins to undo the item, as a retry
// does. 2. When the item is completely undone or kept, its control settles it, and the gates after it open or close.
// 3. When no link takes the failure, that is an entry, so the links are not evaluated twice for one failure.
import type { CaughtFailure } from '../../../logbook/entry.ts';
import type { AtomOf, CompiledCatch, CompiledContainer } from '../../graph/graph.ts';
import { type AtomIndex, type ContainerIndex, lookUp } from '../../graph/index-spaces.ts';
import { caughtFailure, isCatching } from '../../state/caught.ts';
import { isIgnored } from '../../state/ignored.ts';
import { type Run, type RunAtom, atomAt } from '../../state/run.ts';
import { evaluate } from '../../values/names.ts';
import { ignoreFollowers } from './ways-not-taken.ts';
import type { Turn } from '../turn.ts';

/** Evaluates the links on failure of a container for the failure of an atom inside it; true when one was taken. */
export function takeFailureLink(
  turn: Turn,
  container: CompiledContainer,
  { failed, index }: { failed: RunAtom; index: AtomIndex },
): boolean {
  const { run } = turn;
  if (container.catch === null) return false;
  // What was kept in it is undone as far as it can be; a turn may end before the control settles it.
  if (isCatching(run, container)) return true;
  const control = atomAt(run, container.catch.atom);
  if (control.state !== 'PENDING' || run.declined.get(index)?.has(container.catch.atom)) return false;
  const { links } = container.catch;
  const found = turn.reading(() => linkFor(run, container, { links, failed }))?.value;
  if (found === undefined) return false;
  const { link, reasons } = found;
  const mark = { kind: 'MARK', atom: control.atom, attempt: control.attempt + 1 } as const;
  if (link === undefined) {
    const reason = reasons.length === 0 ? {} : { reason: reasons.join(' ') };
    turn.record({ ...mark, mark: 'ASKED', data: { decision: 'REVERT', atom: failed.atom, ...reason } });
    return false;
  }
  const reason = reasons.length === 0 ? {} : { reason: reasons.join(' ') };
  turn.record({ ...mark, mark: 'CAUGHT', data: { link: link.id, to: link.to, atom: failed.atom, ...reason } });
  return true;
}

type FailureLink = CompiledCatch['links'][number];

/** The link that takes the failure, and why conditions before it could not be evaluated. */
function linkFor(
  run: Run,
  { scope, parent }: CompiledContainer,
  { links, failed }: { readonly links: readonly FailureLink[]; readonly failed: RunAtom },
): { readonly link?: FailureLink; readonly reasons: readonly string[] } {
  const reasons: string[] = [];
  const { code = '', message = '', data = null } = failed.failure ?? {};
  for (const link of links) {
    if (isClosed(run, parent, link.to)) continue;
    if (link.condition === null) return { link, reasons };
    try {
      const answer = evaluate(run, scope, { expression: link.condition, failure: { code, message, atom: failed.atom, data } });
      if (answer === true) return { link, reasons };
      if (answer !== false) reasons.push(`The condition of the link to ${link.to} gives neither true nor false.`);
    } catch (thrown) {
      reasons.push(
        `The condition of the link to ${link.to} cannot be evaluated: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
    }
  }
  return { reasons };
}

/** Was the target already ignored, so that taking the link would have no effect? */
function isClosed({ flow, atoms }: Run, parent: ContainerIndex | null, to: string): boolean {
  const child = lookUp(flow.containers, parent)?.children.find(({ id }) => id === to);
  return lookUp(atoms, lookUp(flow.nodes, child?.first)?.atom)?.state === 'IGNORE';
}

/** The item is completely undone or kept: settles it, ignores the items after it, and lets its target begin. */
export function settleCatch(turn: Turn, container: CompiledContainer): void {
  const { run } = turn;
  if (container.catch === null) return;
  const control = atomAt(run, container.catch.atom);
  const { output } = control;
  ignoreFollowers(turn, container);
  turn.move(control, 'SUCCESS', { output });
}

/** The item has ended without a caught failure. */
export function endWithoutCatch(turn: Turn, compiled: AtomOf<'catch'>): void {
  const { run } = turn;
  const control = atomAt(run, compiled.index);
  const exit = run.flow.containers[compiled.container]?.exit;
  const place = { kind: 'ATOM', atom: control.atom, attempt: control.attempt + 1, from: 'PENDING' } as const;
  if (exit !== undefined && isIgnored(run, exit)) turn.record({ ...place, to: 'IGNORE', data: { reason: 'its item was ignored' } });
  else turn.record({ ...place, to: 'SUCCESS', data: { output: {} } });
}

/** Largest number of caught failures in the outcome of a run; the others are in the logbook. */
const MOST_NAMED = 100;

/** The failures that were caught on the way to success. */
export function caughtFailures(run: Run): CaughtFailure[] {
  const found: CaughtFailure[] = [];
  for (const container of run.flow.containers) {
    if (found.length >= MOST_NAMED) break;
    const failure = container.catch === null ? null : caughtFailure(run, container);
    if (failure !== null) found.push({ item: container.address, atom: failure.atom, code: failure.code, message: failure.message });
  }
  return found;
}
