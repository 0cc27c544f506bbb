import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { MemoryTaskLog } from '../logbook/task-log.ts';
import { LOG_LIMITS, TaskLogWriter } from './task-log-writer.ts';

const call = { job: 'j', atom: 'a', attempt: 1, kind: 'apply' } as const;

function scene() {
  const store = new MemoryTaskLog();
  const troubles: unknown[] = [];
  const writer = new TaskLogWriter(store, { clock: systemClock, onTrouble: (cause) => troubles.push(cause) });
  const read = async () => (await store.read({ job: 'j', atom: 'a', limit: 100_000 })).map(({ number, text }) => `${number} ${text}`);
  return { store, writer, troubles, read };
}

describe('L5: the lines of a task', () => {
  it('can be read while it runs, after a short delay', async () => {
    const { writer, read } = scene();
    writer.log({ ...call, text: 'begun' });
    await expect.poll(read).toEqual(['1 begun']);
    writer.log({ ...call, text: 'half way' });
    await expect.poll(read).toEqual(['1 begun', '2 half way']);
  });

  it('are bounded: the first and the last lines are kept, and the number left out is written', async () => {
    const { writer, read } = scene();
    const count = 100_000;
    for (let number = 1; number <= count; number += 1) writer.log({ ...call, text: `line ${number}` });
    writer.ended(call);
    await writer.flush();
    const lines = await read();
    const { head, tail } = LOG_LIMITS;
    expect(lines).toHaveLength(head.lines + 1 + tail.lines);
    expect([lines[0], lines[head.lines - 1], lines.at(-1)]).toEqual([
      '1 line 1',
      `${head.lines} line ${head.lines}`,
      `${count} line ${count}`,
    ]);
    expect(lines[head.lines]).toBe(`${count - tail.lines} … ${count - head.lines - tail.lines} lines left out …`);
  });

  it('are bounded in characters too', async () => {
    const { writer, store } = scene();
    for (let number = 1; number <= 200; number += 1) writer.log({ ...call, text: 'x'.repeat(10_000) });
    writer.ended(call);
    await writer.flush();
    const lines = await store.read({ job: 'j', atom: 'a', limit: 1_000 });
    const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
    expect(characters).toBeLessThan(LOG_LIMITS.head.characters + LOG_LIMITS.tail.characters + 10_100);
    expect(lines.at(-1)?.number).toBe(200);
  });

  it('count from 1 in each call, and a call that logs nothing stores nothing', async () => {
    const { writer, read } = scene();
    writer.log({ ...call, text: 'first' });
    writer.ended(call);
    writer.log({ ...call, kind: 'revert', text: 'back' });
    writer.ended({ ...call, kind: 'revert' });
    writer.ended({ ...call, attempt: 7 });
    await writer.flush();
    expect(await read()).toEqual(['1 first', '1 back']);
  });

  it('that cannot be stored are reported, and later lines are stored again', async () => {
    const { store, writer, troubles, read } = scene();
    const append = store.append.bind(store);
    store.append = async () => Promise.reject(new Error('full'));
    writer.log({ ...call, text: 'lost' });
    await writer.flush();
    store.append = append;
    writer.log({ ...call, text: 'kept' });
    await writer.flush();
    expect([await read(), troubles]).toEqual([['2 kept'], [new Error('full')]]);
  });
});
