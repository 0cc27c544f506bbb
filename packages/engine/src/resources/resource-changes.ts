// The changes of the resource ledger that entries cause. Pure: computed from the run after those entries.
import type { Entry } from '../logbook/entry.ts';
import { type JsonObject, isJsonObject } from '../json.ts';
import type { CompiledContainer } from '../run/graph/graph.ts';
import { type ContainerIndex, lookUp } from '../run/graph/index-spaces.ts';
import { type Run, type RunAtom, atomAt, mayHaveEffect } from '../run/state/run.ts';
import type { HeldResource, ResourceChange } from './ledger.ts';

/** Changes of the resources that these entries concern; empty for a run without resources. */
export function resourceChanges(run: Run, entries: readonly Entry[]): ResourceChange[] {
  const touched = new Set<ContainerIndex>();
  const touch = (address: string) => {
    const compiled = run.flow.atomByAddress.get(address);
    if (compiled?.kind === 'stage') touched.add(compiled.container);
  };
  for (const entry of entries) {
    if (entry.kind === 'ATOM' || entry.kind === 'MARK') touch(entry.atom);
    // Atoms that begin again.
    if (entry.kind === 'ATOM' || entry.kind === 'RUN') entry.data?.again?.forEach(touch);
  }
  return touched.size === 0 ? NONE : [...touched].flatMap((container) => changeOf(run, container));
}

const NONE: ResourceChange[] = [];

/** All resources that a run holds, as the ledger should list them. */
export function heldResources(run: Run): HeldResource[] {
  return run.flow.containers.flatMap(({ index, stages }) =>
    stages.length === 0 ? [] : changeOf(run, index).flatMap(({ held }) => (held === null ? [] : [held])),
  );
}

function changeOf(run: Run, index: ContainerIndex): ResourceChange[] {
  const container = run.flow.containers[index];
  const first = lookUp(run.flow.atoms, container?.stages[0]);
  if (container === undefined || first === undefined) return [];
  const standing = container.stages.filter((stage) => mayStand(atomAt(run, stage)));
  const furthest = lookUp(run.flow.atoms, standing.at(-1));
  if (furthest === undefined) return [{ atom: container.address, held: null }];
  const { item, type } = first;
  const since = Math.min(...standing.map((stage) => atomAt(run, stage).startedAt));
  const label = labelOf(() => type?.label?.(heldOutputs(run, container), atomAt(run, first.index).input) ?? '');
  const stages = container.stages.map((stage) => run.flow.atoms[stage]?.stage ?? '');
  const held = { atom: container.address, type: item.type, label: label || item.name, stage: furthest.stage ?? '', stages, since };
  return [{ atom: container.address, held }];
}

/** The outputs of its stages so far, without values over 8 KB, so that a label does not depend on the values in memory. */
function heldOutputs(run: Run, { stages }: CompiledContainer): JsonObject {
  const outputs = stages.map((stage) => atomAt(run, stage).output).filter(isJsonObject);
  return Object.assign({}, ...outputs) as JsonObject;
}

/** A stage that began and is not undone may have an effect, even after a failed apply, unless the failure says that nothing was done. */
function mayStand(atom: RunAtom): boolean {
  return mayHaveEffect(atom) && atom.state !== 'PENDING' && atom.state !== 'REVERTED' && atom.state !== 'IGNORE';
}

/** The label comes from code of the type's author; its exception must not stop a commit. */
function labelOf(label: () => string): string {
  try {
    return String(label()).slice(0, 200);
  } catch {
    return '';
  }
}
