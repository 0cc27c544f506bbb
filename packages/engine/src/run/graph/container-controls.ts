// How the compiler adds the controls that a container has of its own: its retry, its undo and its catch.
import type { FlowItem, FlowLink, RetryPolicy } from '../../definition/schema.ts';
import { type Place, addAtom } from './add-atom.ts';
import { CONTROL_TYPE, controlItem, undoType } from './controls.ts';
import { compileBinding, parsed } from './definition-plan.ts';
import { compileCatch } from './failure-links.ts';
import { type CompiledContainer, type CompiledFlow, NO_PARTS, connect } from './graph.ts';
import type { ChildIndex, NodeIndex } from './index-spaces.ts';

/** A container that is being compiled. */
export type OpenContainer = { -readonly [Field in keyof CompiledContainer]: CompiledContainer[Field] };

type RevertByTask = Extract<NonNullable<FlowItem['revert']>, { mode: 'task' }>;

/** Adds the task that undoes a container as a whole, at its end. */
export function addUndo(flow: CompiledFlow, container: OpenContainer, { revert, place }: { revert: RevertByTask; place: Place }): void {
  const { id, mode: _, ...called } = revert;
  const item = { ...controlItem('undo', id, `Undo ${container.name}`), ...called };
  const type = flow.world.typeOf(item);
  const atom = addAtom(flow, {
    address: place.scope.prefix + id,
    item,
    type: type === null ? null : undoType(type),
    place,
    order: Number.POSITIVE_INFINITY,
    parts: { ...NO_PARTS, kind: 'undo', container: container.index },
  });
  container.undo = atom.index;
  connect(flow, atom.node, container.end);
  container.end = atom.node;
}

/** Adds the control that begins a container again, and returns its node. */
export function addRetry(
  flow: CompiledFlow,
  container: OpenContainer,
  { policy, place }: { policy: RetryPolicy; place: Place },
): NodeIndex {
  const { strategy } = policy;
  const atom = addAtom(flow, {
    address: place.scope.prefix + policy.id,
    item: controlItem('retry', policy.id, `${container.name}: retry`),
    type: CONTROL_TYPE,
    place,
    // Before everything in its container.
    order: -1,
    parts: {
      ...{ ...NO_PARTS, kind: 'retry', container: container.index },
      retry: {
        policy,
        values: strategy.kind === 'parameterised' ? compileBinding('values', strategy.values) : null,
        expression: strategy.kind === 'expression' ? parsed(strategy.cel) : null,
      },
    },
  });
  container.retry = atom.index;
  connect(flow, container.enter, atom.node);
  return atom.node;
}

/** Adds the control that ends an item with links on failure, and returns its node. */
export function addCatch(
  flow: CompiledFlow,
  container: OpenContainer,
  { links, child, place }: { links: readonly FlowLink[]; child: ChildIndex; place: Place },
): NodeIndex {
  const address = `${container.address}.catch`;
  const atom = addAtom(flow, {
    address,
    item: controlItem('catch', address, `${container.name}: on failure`),
    type: CONTROL_TYPE,
    place,
    order: Number.POSITIVE_INFINITY,
    parts: { ...NO_PARTS, kind: 'catch', container: container.index },
  });
  container.catch = compileCatch(atom.index, { links, child });
  connect(flow, atom.node, container.exit);
  return atom.node;
}
