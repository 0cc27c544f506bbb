// What a test asks of the server itself, past the screens, with the session of the page.
import type { Page } from '@playwright/test';

const answerOf = async <T>(answer: { json(): Promise<unknown> }): Promise<T> =>
  ((await answer.json()) as { result: { data: T } }).result.data;

/** A mutation. */
export async function call<T>(page: Page, procedure: string, data: object): Promise<T> {
  const { origin } = new URL(page.url());
  const headers = { 'content-type': 'application/json', origin };
  return answerOf(await page.request.post(`${origin}/trpc/${procedure}`, { data, headers }));
}

/** A query. */
export async function ask<T>(page: Page, procedure: string, input: object): Promise<T> {
  const { origin } = new URL(page.url());
  return answerOf(await page.request.get(`${origin}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`));
}

/** Launches version 1 of a flow again, and opens the page of the job; its id. */
export async function launchAgain(page: Page, flow: string, inputs: object = {}): Promise<string> {
  const { job } = await call<{ job: string }>(page, 'jobs.launch', { flow, version: 1, inputs });
  await page.goto(`${new URL(page.url()).origin}/jobs/${job}`);
  return job;
}
