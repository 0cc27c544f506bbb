import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestWorld, testWorld } from './testing.ts';

let test: TestWorld;
beforeEach(() => {
  test = testWorld();
});
afterEach(() => test.close());

describe('delay', () => {
  it('waits as long as it is told', async () => {
    const started = Date.now();
    const { output } = await test.apply('delay', { ms: 80 }, { startedAt: started });
    expect(output).toEqual({ waitedMs: 80 });
    expect(Date.now() - started).toBeGreaterThanOrEqual(79);
  });

  it('waits only for what is left when it is repeated after a restart', async () => {
    const before = Date.now();
    await test.apply('delay', { ms: 60_000 }, { startedAt: before - 59_950 });
    expect(Date.now() - before).toBeLessThan(5_000);
  });

  it('waits until a time, and not at all for one that is past', async () => {
    const startedAt = Date.now();
    const { output } = await test.apply('delay', { until: new Date(startedAt + 60).toISOString() }, { startedAt });
    expect(output).toEqual({ waitedMs: 60 });
    expect((await test.apply('delay', { until: '2001-01-01T00:00:00+01:00' })).output).toEqual({ waitedMs: 0 });
  });

  it.each(['tomorrow', '2030-01-01T00:00:00', '2030-13-45T00:00:00Z'])('refuses %j, which is no time or has no zone', async (until) => {
    expect((await test.apply('delay', { until })).code).toBe('TIME_INVALID');
  });

  it.each([{ ms: 60_000 }, { until: '2999-01-01T00:00:00Z' }])('ends when it is aborted', async (input) => {
    const startedAt = Date.now();
    expect((await test.apply('delay', input, { startedAt, signal: AbortSignal.timeout(40) })).code).toBe('ABORTED');
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
