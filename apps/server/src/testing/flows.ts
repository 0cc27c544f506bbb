// Short flows to launch in tests.
import type { Client } from './requests.ts';

interface Draft {
  readonly id: string;
  readonly revision: number;
  readonly definition: { readonly root: object };
}

/** A linear flow of waits, published as version 1; answers with its id. */
export function publishWaits(client: Client, { tasks, ms }: { readonly tasks: number; readonly ms: number }): Promise<string> {
  return publish(
    client,
    Array.from({ length: tasks }, () => ({ type: 'delay', parameters: { ms } })),
  );
}

/** A linear flow of tasks, published as version 1; answers with its id. */
export async function publish(client: Client, tasks: readonly { readonly type: string; readonly parameters: object }[]): Promise<string> {
  const draft = await client.do<Draft>('flows.create', { name: 'Waits', pattern: 'linear' });
  const items = tasks.map((task, index) => ({ kind: 'task', id: `wait_${index}`, name: `Wait ${index}`, ...task }));
  const definition = { ...draft.definition, root: { ...draft.definition.root, items } };
  const saved = await client.do<{ kind: string; draft: Draft; problems: readonly unknown[] }>('flows.save', {
    flow: draft.id,
    revision: draft.revision,
    definition,
  });
  const published = await client.do<{ kind: string }>('flows.publish', { flow: draft.id, revision: saved.draft.revision });
  if (published.kind !== 'published') throw new Error(`Not published: ${JSON.stringify([saved.problems, published])}`);
  return draft.id;
}

/** Posts a job of version 1; answers with its id. */
export async function launch(client: Client, flow: string): Promise<string> {
  const answer = await client.do<{ kind: string; job: string }>('jobs.launch', { flow, version: 1, inputs: {} });
  if (answer.kind !== 'posted') throw new Error(`Not posted: ${JSON.stringify(answer)}`);
  return answer.job;
}
