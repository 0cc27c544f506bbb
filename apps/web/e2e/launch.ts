import type { Page } from '@playwright/test';
import type { TestServer } from './server.ts';

export type Task = { readonly id: string; readonly type: string; readonly parameters: object };

/** Publishes a flow of these tasks in a row, launches it and opens its page; the job's id. */
export async function launch(
  page: Page,
  server: TestServer,
  { name, tasks, onFailure = 'revert' }: { name: string; tasks: Task[]; onFailure?: string },
): Promise<string> {
  const call = async (procedure: string, data: object) => {
    const headers = { 'content-type': 'application/json', origin: server.origin };
    const answer = await page.request.post(`${server.origin}/trpc/${procedure}`, { data, headers });
    return ((await answer.json()) as { result: { data: { flow: string; job: string } } }).result.data;
  };
  const items = tasks.map((one) => ({ kind: 'task', name: one.id, ...one }));
  const root = { kind: 'flow', id: 'root', name, pattern: 'linear', items };
  const { flow } = await call('flows.import', { document: JSON.stringify({ schemaVersion: 1, name, onFailure, root }) });
  await call('flows.publish', { flow, revision: 1, note: '' });
  const { job } = await call('jobs.launch', { flow, version: 1, inputs: {} });
  await page.goto(`${server.origin}/jobs/${job}`);
  return job;
}

/** A task that writes its own name into a file. */
export const write = (id: string, path: string): Task => ({ id, type: 'file.write', parameters: { path, content: id } });
