// The gate before an item: the links to the item vote whether it runs (P4, P5, P11).
import type { Failure } from '../../../failure/failure.ts';
import type { AtomOf, CompiledAtom, CompiledContainer, Guard, GuardLink } from '../../graph/graph.ts';
import { lookUp } from '../../graph/index-spaces.ts';
import { isCaught, takenOf } from '../../state/caught.ts';
import { isIgnored, isIgnoredAtom } from '../../state/ignored.ts';
import { type Run, type RunAtom, atomAt } from '../../state/run.ts';
import { evaluate } from '../../values/names.ts';
import type { Turn } from '../turn.ts';
import { attempt, notBoolean } from './evaluated.ts';
import { ignore } from './ignore.ts';
import { ignoreTarget } from './ways-not-taken.ts';

/** P4: opens if no live link says no; links from ignored items abstain. `any`, and P11: one satisfied link (on failure) is enough. */
export function decideGate(turn: Turn, compiled: AtomOf<'gate'>): void {
  const { run } = turn;
  const { guard } = compiled;
  const atom = atomAt(run, compiled.index);
  const guarded = guardedAtom(run, guard);
  // Its condition could not be evaluated before, and the guarded item failed for that.
  if (guarded?.state === 'FAILURE') return;
  if (guarded !== undefined && isDecided(guarded)) {
    turn.succeed(atom, { open: true });
    return;
  }
  const votes = turn.reading(() => votesOf(run, compiled, guard))?.value;
  if (votes === undefined) return;
  if ('code' in votes) {
    failGuarded(turn, compiled, { guard, failure: votes });
    return;
  }
  if (guard.needsOne) {
    const isFed = guard.needs.every((node) => run.progress.passed[node] === 1);
    if (isFed && votes.some(({ says }) => says === 'yes')) turn.succeed(atom, { open: true });
    else if (guard.links.every(({ source }) => run.progress.passed[source] === 1) && isFed) {
      if (guard.links.some((link) => link.onFailure || isCaught(run, containerBefore(run, link)))) ignoreTarget(turn, compiled);
      else ignore(turn, compiled, { depth: 'all', because: 'none of its links was satisfied' });
    }
    return;
  }
  const onFailure = votes.filter(({ link }) => link.onFailure);
  if (onFailure.length > 0 && !onFailure.some(({ says }) => says === 'yes')) {
    ignoreTarget(turn, compiled);
    return;
  }
  const noes = votes.filter(({ says, link }) => says === 'no' && !link.onFailure).map(({ link }) => link);
  if (noes.length === 0) {
    turn.succeed(atom, { open: true });
    return;
  }
  const widest = DEPTHS.find((depth) => noes.some((link) => link.depth === depth)) ?? 'all';
  const names = noes.map(({ from }) => from).join(', ');
  ignore(turn, compiled, { depth: widest, because: `the condition of the link from ${names} is false` });
}

interface Vote {
  readonly link: GuardLink;
  readonly says: 'yes' | 'no' | 'nothing';
}

/** The result of each link, or the failure of the first condition that cannot be evaluated. */
function votesOf(run: Run, compiled: CompiledAtom, { links }: Guard): readonly Vote[] | Failure {
  const votes: Vote[] = [];
  for (const link of links) {
    const says = run.progress.passed[link.source] !== 1 ? 'nothing' : voteOf(run, compiled, link);
    if (typeof says === 'object') return says;
    votes.push({ link, says });
  }
  return votes;
}

/** Widest first: of several noes the widest depth counts (P5). */
const DEPTHS = ['all', 'flow', 'neighbours', 'atom'] as const;

function voteOf(run: Run, { scope }: CompiledAtom, link: GuardLink): 'yes' | 'no' | 'nothing' | Failure {
  const container = containerBefore(run, link);
  const taken = isCaught(run, container) ? takenOf(run, container) : null;
  if (link.onFailure) return taken?.to === link.to ? 'yes' : 'no';
  if (taken !== null) return 'no';
  if (isIgnored(run, link.source)) return 'nothing';
  const { decider } = link;
  if (decider === null) return 'yes';
  const answer = attempt('The condition', () => evaluate(run, scope, { expression: decider }));
  if ('failure' in answer) return answer.failure;
  if (typeof answer.value !== 'boolean') return notBoolean(answer.value);
  return answer.value ? 'yes' : 'no';
}

/** The source of a link, if it is a container. */
function containerBefore({ flow }: Run, { source }: GuardLink): CompiledContainer | undefined {
  return lookUp(flow.containers, flow.nodes[source]?.boundaryOf);
}

/** An item that stands from an earlier pass, or that a person skipped, is not decided again. */
function isDecided(atom: RunAtom): boolean {
  return atom.state !== 'PENDING' && !isIgnoredAtom(atom);
}

/** A condition that cannot be evaluated is a failure of the guarded item. */
function failGuarded(turn: Turn, gate: CompiledAtom, { guard, failure }: { guard: Guard; failure: Failure }): void {
  turn.failUnapplied(guardedAtom(turn.run, guard) ?? atomAt(turn.run, gate.index), failure);
}

/** The guarded item, if it is one atom. */
function guardedAtom({ flow, atoms }: Run, { first }: Guard): RunAtom | undefined {
  const target = flow.nodes[first];
  return target?.kind === 'ATOM' ? atoms[target.atom] : undefined;
}
