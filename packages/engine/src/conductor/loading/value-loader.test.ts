import { expect, it } from 'vitest';
import type { Entry } from '../../logbook/entry.ts';
import { ValueLoader } from './value-loader.ts';

const at = (entry: number) => ({ entry, field: 'output', size: 1 }) as const;
const entryWith = (number: number): Entry => ({
  ...{ kind: 'ATOM', number, time: 1, actor: { kind: 'conductor', id: 'c1', name: 'c1' }, token: 1 },
  ...{ atom: 'a', attempt: 1, from: 'RUNNING', to: 'SUCCESS', data: { output: number } },
});

it('loads the values of one decision at a time: the next decision waits until those are used', async () => {
  const order: string[] = [];
  const loader = new ValueLoader({
    read: async (job, { after }) => {
      order.push(`read ${job} ${after + 1}`);
      return [entryWith(after + 1)];
    },
  });
  const use = (job: string) => (loaded: readonly { readonly value: unknown }[]) =>
    void order.push(`${job} uses ${loaded.map(({ value }) => value).join(' ')}`);
  await Promise.all([loader.together('x', [at(1), at(2)], use('x')), loader.together('y', [at(3)], use('y'))]);
  expect(order).toEqual(['read x 1', 'read x 2', 'x uses 1 2', 'read y 3', 'y uses 3']);
});

it('a value that cannot be loaded does not keep out the next decision', async () => {
  const loader = new ValueLoader({ read: async (job) => (job === 'x' ? [] : [entryWith(3)]) });
  const failed = loader.together('x', [at(1)], () => {});
  const used: unknown[] = [];
  const next = loader.together('y', [at(3)], (loaded) => void used.push(...loaded.map(({ value }) => value)));
  await expect(failed).rejects.toMatchObject({ code: 'VALUE_UNKNOWN' });
  await next;
  expect(used).toEqual([3]);
});
