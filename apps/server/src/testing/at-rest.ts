// Waits of tests for a job that comes to rest. They say which state they found, instead of polling until the test's time limit.
import { expect } from 'vitest';
import type { Client } from './requests.ts';

interface Row {
  readonly state: string;
  readonly run: string;
  readonly attention: string | null;
}

/** The run of the job once it is COMPLETE or needs a person. */
export async function atRest(client: Client, job: string): Promise<string> {
  const row = async () => (await client.get<{ row: Row }>('jobs.get', { job })).row;
  const stateOf = ({ state, attention }: Row) => (attention === null ? state : 'needs a person');
  await expect.poll(async () => stateOf(await row()), { interval: 20 }).toMatch(/COMPLETE|needs a person/);
  return (await row()).run;
}
