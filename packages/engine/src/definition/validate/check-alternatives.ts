// Bindings to the first of several (S6). Such a binding is certain when on every way through the flow at least
// one alternative has a value. Conditions are not evaluated: two conditions exclude each other only if one is written as
// the negation of the other.
import { linksTo, runsOnlyIfCaught } from './failure-ways.ts';
import { mayBeIgnoredBefore } from './ignorable.ts';
import { type Binding, type FlowItem, type Item, type SingleBinding, needsOne } from '../schema.ts';
import { type Placed, itemsUsedBy } from '../tree.ts';

export type Alternatives = Extract<Binding, { from: 'first' }>;

/** The alternative that always has a value, so that the ones after it are never used; null when there is none, or it is the last. */
export function alwaysTaken({ of }: Alternatives): SingleBinding | null {
  return of.slice(0, -1).find(({ from }) => from === 'constant' || from === 'secret') ?? null;
}

/** Does at least one alternative have a value whenever the item that uses them runs? */
export function coversEveryWay({ of }: Alternatives, user: Placed, byId: ReadonlyMap<string, Placed>): boolean {
  if (of.some((one) => isCertain(one, user, byId))) return true;
  const used = of.flatMap((one) => (one.from === 'output' ? (byId.get(one.item) ?? []) : []));
  const failures = new Set(of.flatMap((one) => (one.from === 'failure' ? [one.item] : [])));
  return user.within.some((container, depth) => {
    const step = user.within[depth + 1] ?? user.item;
    return coversLinks(container, step, { used, failures, byId }) || coversConditions(container, user, { used, failures, byId });
  });
}

function isCertain(binding: SingleBinding, user: Placed, byId: ReadonlyMap<string, Placed>): boolean {
  if (binding.from === 'failure') return isCaughtBefore(binding.item, user, byId);
  if (binding.from !== 'output' && binding.from !== 'expression') return true;
  return itemsUsedBy(binding).every((item) => {
    const used = byId.get(item);
    return used === undefined || !mayBeIgnoredBefore(used, user);
  });
}

/** Does the user run only after a failure of the item was caught? */
export function isCaughtBefore(item: string, user: Placed, byId: ReadonlyMap<string, Placed>): boolean {
  const container = byId.get(item)?.within.at(-1);
  const depth = container === undefined ? -1 : user.within.indexOf(container);
  const step = depth < 0 ? undefined : (user.within[depth + 1] ?? user.item);
  return container !== undefined && step !== undefined && runsOnlyIfCaught(container, item, step.id);
}

interface Covering {
  readonly used: readonly Placed[];
  /** Items whose caught failures are alternatives. */
  readonly failures: ReadonlySet<string>;
  readonly byId: ReadonlyMap<string, Placed>;
}

/** For an item that needs only one satisfied link: does each of its links have an alternative with a value? */
function coversLinks(container: FlowItem, step: Item, { used, failures, byId }: Covering): boolean {
  const links = linksTo(container, step.id);
  if (!needsOne(step) || links.length === 0) return false;
  return links.every(({ from, onFailure }) => {
    const source = byId.get(from);
    if (source === undefined) return false;
    if (onFailure && failures.has(from)) return true;
    return used.some((one) => (onFailure ? comesBefore(one, source, container) : isGivenBy(one, source, container)));
  });
}

/** Do two alternatives follow the same item, one on a condition and the other on its negation? */
function coversConditions(container: FlowItem, user: Placed, { used, byId }: Covering): boolean {
  const guarded = used.flatMap((one) => {
    const at = one.within.indexOf(container);
    const step = at < 0 ? undefined : (one.within[at + 1] ?? one.item);
    const links = step === undefined ? [] : linksTo(container, step.id);
    const [link] = links;
    if (step === undefined || links.length !== 1 || link?.decider === undefined) return [];
    const source = byId.get(link.from);
    const isCertainInside = isWhole(one, step);
    return source === undefined || !isCertainInside || mayBeIgnoredBefore(source, user) ? [] : [{ from: link.from, cel: link.decider }];
  });
  return guarded.some((one) => guarded.some((other) => one.from === other.from && isNegation(one.cel, other.cel)));
}

/** Does the alternative have a value whenever the source has run? It is the source, is inside it, or comes before it. */
function isGivenBy(one: Placed, source: Placed, container: FlowItem): boolean {
  if (one.item === source.item) return true;
  if (source.item.kind === 'flow' && one.within.includes(source.item)) return isWhole(one, source.item);
  return comesBefore(one, source, container);
}

/** Does the alternative certainly have a value before the source begins? */
function comesBefore(one: Placed, source: Placed, container: FlowItem): boolean {
  const at = one.within.indexOf(container);
  const step = at < 0 ? undefined : (one.within[at + 1] ?? one.item);
  return step !== undefined && leadsTo(container, step.id, source.item.id) && !mayBeIgnoredBefore(one, source);
}

/** Has the item certainly run when the container around it has run? */
function isWhole(one: Placed, around: Item): boolean {
  if (one.item === around) return true;
  const from = one.within.indexOf(around as FlowItem);
  const inside = one.within.slice(from);
  return inside.every((container, depth) => {
    const step = inside[depth + 1] ?? one.item;
    const links = container.pattern === 'graph' ? container.links.filter(({ again }) => again === undefined) : [];
    return links.every(
      ({ decider, onFailure, from, to }) =>
        (decider === undefined && !onFailure) ||
        ![to, ...(onFailure ? [from] : [])].some((id) => id === step.id || leadsTo(container, id, step.id)),
    );
  });
}

function leadsTo(container: FlowItem, from: string, to: string): boolean {
  const seen = new Set([to]);
  for (const item of seen) for (const link of linksTo(container, item)) seen.add(link.from);
  return from !== to && seen.has(from);
}

function isNegation(one: string, other: string): boolean {
  const [a, b] = [one.trim(), other.trim()];
  return b === `!(${a})` || (/^[\w.]+$/.test(a) && b === `!${a}`);
}
