// Random cases in the format of the file: flows of every pattern, with retries, deciders, data, failures and failing reverts.
// They were not observed on TaskFlow; they compare the engine with the reference.
import type { Json, JsonObject } from '@windlass/engine/definition';
import { shuffled } from './subject.ts';

interface Lots {
  readonly pick: (count: number) => number;
  readonly chance: (share: number) => boolean;
  readonly names: { tasks: number; flows: number; retries: number };
}

/** A flow with up to `size` tasks or so. */
export function randomFlow(seed: number, size: number): Json {
  const pick = shuffled(seed);
  for (let at = 0; at < 5; at += 1) pick(7);
  const lots: Lots = { pick, chance: (share) => pick(1_000) < share * 1_000, names: { tasks: 0, flows: 0, retries: 0 } };
  return flowOf(lots, size, []);
}

function flowOf(lots: Lots, size: number, outer: readonly string[]): Json {
  const { pick, chance, names } = lots;
  const pattern = ['linear', 'unordered', 'graph'][pick(3)] ?? 'linear';
  const name = `f${names.flows++}`;
  const retry = chance(0.35) ? retryOf(lots) : null;
  const visible = [...outer, ...(retry && typeof retry['provides'] === 'string' ? [retry['provides']] : [])];
  const children: Json[] = [];
  for (let left = size; left > 0; ) {
    const inner = left > 2 && chance(0.3) ? 1 + pick(left - 1) : 0;
    children.push(inner > 0 ? flowOf(lots, inner, visible) : taskOf(lots, visible));
    left -= Math.max(1, inner);
  }
  return { [pattern]: name, children, ...(pattern === 'graph' ? { links: linksOf(lots, children) } : {}), ...(retry ? { retry } : {}) };
}

function taskOf({ pick, chance, names }: Lots, visible: readonly string[]): Json {
  const task = `t${names.tasks++}`;
  const symbol = visible[pick(Math.max(1, visible.length))];
  const wants = symbol !== undefined && chance(0.6) ? [symbol] : [];
  const unless: Json = { fail_unless: { arg: wants[0] ?? '', equals: 1 + pick(3) } };
  const does: Json = chance(0.15) ? 'fail' : chance(0.1) ? { fail_times: 1 + pick(2) } : wants.length > 0 && chance(0.4) ? unless : 'ok';
  return {
    task,
    do: does,
    ...(chance(0.08) ? { revert: 'fail' } : {}),
    ...(wants.length > 0 ? { requires: wants } : {}),
    ...(chance(0.3) ? { returns: pick(3) } : {}),
  };
}

function retryOf({ pick, chance, names }: Lots): JsonObject {
  const name = `r${names.retries++}`;
  const provides = chance(0.7) ? `x${name}` : null;
  const revertAll = chance(0.3) ? { revert_all: true } : {};
  switch (pick(5)) {
    case 0:
      return { strategy: 'always_revert', name };
    case 1:
      return { strategy: 'always_revert_all', name };
    case 2:
      return { strategy: 'for_each', values: Array.from({ length: pick(4) }, () => 1 + pick(3)), name, provides, ...revertAll };
    case 3:
      return {
        strategy: 'scripted',
        name,
        decisions: Array.from({ length: pick(4) }, () => ['RETRY', 'RETRY', 'REVERT', 'REVERT_ALL'][pick(4)] ?? ''),
      };
    default:
      return { strategy: 'times', attempts: pick(4), name, provides, ...revertAll };
  }
}

function linksOf({ pick, chance }: Lots, children: readonly Json[]): Json[] {
  const names = children.map((child) => {
    const { task, linear, unordered, graph } = child as JsonObject;
    return { name: String(task ?? linear ?? unordered ?? graph), isTask: task !== undefined };
  });
  return names.flatMap((to, after) =>
    names.slice(0, after).flatMap((from) => {
      if (!chance(0.4)) return [];
      const told: Json = chance(0.5) || !from.isTask ? chance(0.6) : chance(0.3) ? { raise: true } : { result_equals: pick(2) };
      const decider = chance(0.4) ? { decider: told, depth: ['all', 'flow', 'neighbors', 'atom'][pick(4)] ?? 'all' } : {};
      return [{ from: from.name, to: to.name, ...decider }];
    }),
  );
}
