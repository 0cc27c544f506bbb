// Revert coverage and the point of no return (R9), from the definition and the descriptors alone.
import { type Effects, defaultsOf, effectsOf } from '../task/effects.ts';
import type { FlowDefinition, FlowItem, TaskItem } from './schema.ts';
import type { DescriptorLookup } from '../task/task.ts';
import { placedItems } from './tree.ts';

export interface Coverage {
  /** Share of the tasks with an effect whose effect can be undone; 1 when no task has an effect. */
  readonly share: number;
  /** Tasks that cannot be undone, in definition order, with the reason. The first is the point of no return. */
  readonly irreversible: readonly { readonly item: string; readonly name: string; readonly reason: string }[];
}

/** The effects of one task with its parameters; undefined when its type is not known here. */
export function effectsOfItem(item: TaskItem, find: DescriptorLookup): Effects | undefined {
  const descriptor = find(item.type, item.typeVersion);
  return (
    descriptor &&
    effectsOf(descriptor.effects, { ...defaultsOf(descriptor.input), ...item.parameters }, new Set(Object.keys(item.bindings)))
  );
}

/** Says how much of a flow can be undone. */
export function coverageOf(definition: FlowDefinition, find: DescriptorLookup): Coverage {
  let reversible = 0;
  const irreversible: { item: string; name: string; reason: string }[] = [];
  for (const { item, within } of placedItems(definition)) {
    if (item.kind !== 'task') continue;
    const effects = asDrawn(effectsOfItem(item, find), within);
    if (effects?.kind === 'reversible') reversible += 1;
    if (effects?.kind === 'irreversible') irreversible.push({ item: item.id, name: item.name, reason: effects.reason });
  }
  const effective = reversible + irreversible.length;
  return { share: effective === 0 ? 1 : reversible / effective, irreversible };
}

/** The effects of a task inside its containers: a container that is never undone keeps the effects of its tasks (R8). */
function asDrawn(effects: Effects | undefined, within: readonly FlowItem[]): Effects | undefined {
  if (effects?.kind !== 'reversible') return effects;
  const revert = within.find((container) => container.revert?.mode === 'none')?.revert;
  return revert?.mode === 'none' ? { kind: 'irreversible', reason: revert.reason } : effects;
}
