import type { Page } from '@playwright/test';
import { call } from './call.ts';
import type { TestServer } from './server.ts';

export type Task = { readonly id: string; readonly type: string; readonly parameters: object };

/** Publishes a flow of these tasks in a row, launches it and opens its page; the job's id. */
export async function launch(
  page: Page,
  server: TestServer,
  { name, tasks, onFailure = 'revert', outputs = {} }: { name: string; tasks: Task[]; onFailure?: string; outputs?: object },
): Promise<string> {
  const items = tasks.map((one) => ({ kind: 'task', name: one.id, ...one }));
  const root = { kind: 'flow', id: 'root', name, pattern: 'linear', items };
  return launchFlow(page, server, { name, onFailure, outputs, root });
}

/** Imports and publishes the flow of this definition, launches it and opens the page of the job; the job's id. */
export async function launchFlow(page: Page, server: TestServer, definition: object): Promise<string> {
  const document = JSON.stringify({ schemaVersion: 1, ...definition });
  const { flow } = await call<{ flow: string }>(page, 'flows.import', { document });
  await call(page, 'flows.publish', { flow, revision: 1, note: '' });
  const { job } = await call<{ job: string }>(page, 'jobs.launch', { flow, version: 1, inputs: {} });
  await page.goto(`${server.origin}/jobs/${job}`);
  return job;
}

/** A line of sh that waits until the test makes this file: a time of its own might be over before the test looks. */
export const untilMade = (file: string): string => `until test -e ${file}; do sleep 0.1; done`;

/** A task that writes its own name into a file. */
export const write = (id: string, path: string): Task => ({ id, type: 'file.write', parameters: { path, content: id } });
