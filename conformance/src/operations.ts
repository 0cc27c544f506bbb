import { type Case, NotRunnable } from './case.ts';
export async function runOperations(one: Case): Promise<string[]> {
  throw new NotRunnable(`no flow: ${one.area}`);
}
