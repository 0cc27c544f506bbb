// The order of events that every scheduler must keep: that of the same atom, that of atoms with a path between them, and
// the flow's first and last word. Every other observed order may be a habit of the scheduler.
import { type DrawnGraph, reachOf } from './drawn-graph.ts';

/** Finds the first forced pair that does not hold, if any: `later` never comes before `earlier`. */
export function brokenOrders(graph: DrawnGraph, pairs: readonly (readonly [string, string])[], events: readonly string[]): string[] {
  const reach = reachOf(graph);
  const places = placesOf(events);
  return pairs.flatMap(([earlier, later]) => {
    if (!isForced(atomOf(earlier), atomOf(later), reach)) return [];
    const before = places.get(earlier);
    const after = places.get(later);
    if (before === undefined) return [`${earlier} did not happen`];
    if (after === undefined) return [`${later} did not happen`];
    return before < after ? [] : [`${later} came before ${earlier}`];
  });
}

/** Every pair of a sequence, for brokenOrders to choose from. */
export function pairsOf(events: readonly string[]): (readonly [string, string])[] {
  const numbered = [...placesOf(events).keys()];
  const near = numbered.length > 400 ? 40 : numbered.length;
  return numbered.flatMap((earlier, at) => numbered.slice(at + 1, at + 1 + near).map((later) => [earlier, later] as const));
}

/** `a RUNNING`, then `a RUNNING #2`… */
function placesOf(events: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const counts = new Map<string, number>();
  events.forEach((event, at) => {
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    places.set(count === 1 ? event : `${event} #${count}`, at);
  });
  return places;
}

function atomOf(event: string): string {
  const words = event.replace(/ #\d+$/, '').split(' ');
  return words.slice(0, -1).join(' ');
}

function isForced(one: string, other: string, reach: (from: string) => ReadonlySet<string>): boolean {
  if (one === other || one === 'flow' || other === 'flow') return true;
  return reach(one).has(other) || reach(other).has(one);
}
