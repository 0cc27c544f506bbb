import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestSite, type TestWorld, testSite, testWorld } from '../testing/site.ts';

let site: TestSite;
let test: TestWorld;
beforeEach(async () => {
  site = await testSite();
  test = testWorld({ allow: [site.host] });
});
afterEach(() => {
  site.close();
  test.close();
});

describe('url.check', () => {
  it('waits until the answer is as expected', async () => {
    let tries = 0;
    site.answer = () => ({ status: ++tries < 3 ? 503 : 200, body: tries < 4 ? 'starting' : 'up' });
    const { output } = await test.apply('url.check', { url: site.origin, expectText: 'up', everyMs: 50 });
    expect(output).toEqual({ url: site.origin, status: 200, tries: 4, body: 'up' });
  });

  it('waits for a server that is not there yet', async () => {
    const later = await testSite();
    later.close();
    const patient = testWorld({ allow: [later.host] });
    const { code, outcome } = await patient.apply('url.check', { url: later.origin, everyMs: 50, forMs: 150 });
    expect(code).toBe('UNHEALTHY');
    expect(outcome).toMatchObject({ failure: { message: expect.stringMatching(/in \d+ tries.*could not be reached/) } });
    patient.close();
  });

  it('has its whole time after the clock was set an hour forward', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      let tries = 0;
      site.answer = () => {
        vi.setSystemTime(Date.now() + 3_600_000);
        return { status: ++tries < 3 ? 503 : 200 };
      };
      const { output } = await test.apply('url.check', { url: site.origin, everyMs: 50, forMs: 600_000 });
      expect(output).toMatchObject({ status: 200, tries: 3 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives up and says what it saw last', async () => {
    site.answer = () => ({ status: 404 });
    const { outcome } = await test.apply('url.check', { url: site.origin, everyMs: 50, forMs: 120 });
    expect(outcome).toMatchObject({ failure: { code: 'UNHEALTHY', message: expect.stringContaining('status 404') } });
    expect(test.lines[0]).toBe('try 1: status 404');
  });

  it('does not wait for an address that is refused', async () => {
    expect((await test.apply('url.check', { url: 'http://169.254.169.254/', forMs: 60_000 })).code).toBe('HTTP_ADDRESS_REFUSED');
  });

  it('ends when it is aborted', async () => {
    site.answer = () => ({ status: 404 });
    const started = Date.now();
    expect(
      (await test.apply('url.check', { url: site.origin, everyMs: 60_000, forMs: 120_000 }, { signal: AbortSignal.timeout(80) })).code,
    ).toBe('ABORTED');
    // It did not wait for its next try.
    expect(Date.now() - started).toBeLessThan(60_000);
  });
});
