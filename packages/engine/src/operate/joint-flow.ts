// The flow that rolls back several jobs. A joint rollback is a job itself, so it has a logbook, goes on after a crash, holds
// when one of the jobs cannot be undone, and can be retried from there.
import type { Actor } from '../actor.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import { type FlowDefinition, flowDefinitionSchema } from '../definition/schema.ts';

export const JOINT_FLOW: FlowDefinition = flowDefinitionSchema.parse({
  schemaVersion: 1,
  name: 'Roll back jobs',
  // When one job cannot be rolled back, the jobs already rolled back must stay rolled back.
  onFailure: 'hold',
  inputs: {
    type: 'object',
    properties: {
      stages: { type: 'array', title: 'Stages', items: { type: 'array', items: { type: 'object', additionalProperties: true } } },
      reason: { type: 'string', title: 'Reason' },
    },
    required: ['stages', 'reason'],
  },
  root: {
    kind: 'flow',
    id: 'root',
    name: 'Roll back jobs',
    pattern: 'linear',
    items: [
      {
        kind: 'flow',
        id: 'stages',
        name: 'Stage after stage',
        pattern: 'for_each',
        limit: 1,
        forEach: { list: { from: 'input', name: 'stages' } },
        items: [
          {
            kind: 'flow',
            id: 'jobs',
            name: 'Jobs of a stage',
            pattern: 'for_each',
            limit: 8,
            forEach: { list: { from: 'output', item: 'stages', path: 'element' } },
            items: [
              {
                kind: 'task',
                id: 'roll_back',
                name: 'Roll back',
                type: 'job.rollback',
                typeVersion: 1,
                bindings: {
                  job: { from: 'output', item: 'jobs', path: 'element.job' },
                  hash: { from: 'output', item: 'jobs', path: 'element.hash' },
                  drift: { from: 'output', item: 'jobs', path: 'element.drift' },
                  reason: { from: 'input', name: 'reason' },
                },
              },
            ],
          },
        ],
      },
    ],
  },
});

/** The published version to launch; publishes one when there is none, or when a person has changed the flow. */
export async function jointFlow(flows: FlowStore, actor: Actor, now: number): Promise<{ readonly flow: string; readonly version: number }> {
  const wanted = JSON.stringify(JOINT_FLOW);
  for (const { id, name, version } of await flows.list()) {
    if (name !== JOINT_FLOW.name || version === 0) continue;
    if (JSON.stringify(await flows.getVersion(id, version)) === wanted) return { flow: id, version };
  }
  const draft = await flows.create(JOINT_FLOW, actor, now);
  const { version } = await flows.publish({ flow: draft.id, revision: draft.revision, note: 'Rolls back several jobs.' }, actor, now);
  return { flow: draft.id, version };
}
