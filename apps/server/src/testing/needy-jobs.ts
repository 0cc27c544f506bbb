// Jobs that need a person, to launch in tests.
import type { Client } from './requests.ts';

type Kind = 'approval' | 'held';

/** Publishes a flow that asks for an approval, or is held at a task that fails; answers with the way to launch it. */
export async function publishNeedy(client: Client, kind: Kind): Promise<() => Promise<string>> {
  const task =
    kind === 'approval'
      ? { id: 'ask', name: 'Ask', type: 'approval', parameters: { question: 'May it go out?' } }
      : { id: 'probe', name: 'Look at it', type: 'url.check', parameters: { url: 'http://10.0.0.1/', forMs: 0 } };
  const root = { kind: 'flow', id: 'root', name: 'Ship', pattern: 'linear', items: [{ kind: 'task', ...task }] };
  const document = JSON.stringify({ schemaVersion: 1, name: 'Ship', onFailure: 'hold', root });
  const { flow } = await client.do<{ flow: string }>('flows.import', { document });
  await client.do('flows.publish', { flow, revision: 1, note: '' });
  return async () => (await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {} })).job;
}
