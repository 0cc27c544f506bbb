import type { FlowStore } from './flow-store.ts';
import type { FlowDefinition } from '../schema.ts';
import { targeted } from '../targeted.ts';
import { placedItems } from '../tree.ts';

/** The published versions that a definition uses as subflows, each listed once. */
function subflowsOf(definition: FlowDefinition): { readonly flow: string; readonly version: number }[] {
  const used = new Map<string, { flow: string; version: number }>();
  for (const { item } of placedItems(definition)) {
    if (item.kind === 'subflow') used.set(`${item.flow}@${item.version}`, { flow: item.flow, version: item.version });
  }
  return [...used.values()];
}

/** A published version, reduced to its target if it has one, with every version that it uses as a subflow. */
export interface WithSubflows {
  readonly definition: FlowDefinition;
  readonly subflows: readonly { readonly flow: string; readonly version: number; readonly definition: FlowDefinition }[];
}

/** Reads the definitions of a job. A published version uses only versions published before it. Throws FLOW_UNKNOWN, VERSION_UNKNOWN. */
export async function withSubflows(
  flows: Pick<FlowStore, 'getVersion'>,
  job: { readonly flow: string; readonly version: number; readonly target: string | null },
): Promise<WithSubflows> {
  const published = await flows.getVersion(job.flow, job.version);
  return withSubflowsOf(flows, job.target === null ? published : targeted(published, job.target));
}

/** Like `withSubflows`, for a definition that was already read. */
export async function withSubflowsOf(flows: Pick<FlowStore, 'getVersion'>, definition: FlowDefinition): Promise<WithSubflows> {
  const subflows = new Map<string, WithSubflows['subflows'][number]>();
  const waiting = [...subflowsOf(definition)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const key = `${next.flow}@${next.version}`;
    if (subflows.has(key)) continue;
    const found = await flows.getVersion(next.flow, next.version);
    subflows.set(key, { ...next, definition: found });
    waiting.push(...subflowsOf(found));
  }
  return { definition, subflows: [...subflows.values()] };
}

/** The function with which the compiler looks up the subflows that were read. */
export function subflowIn(subflows: WithSubflows['subflows']): (flow: string, version: number) => FlowDefinition | undefined {
  const found = new Map(subflows.map((one) => [`${one.flow}@${one.version}`, one.definition]));
  return (flow, version) => found.get(`${flow}@${version}`);
}
