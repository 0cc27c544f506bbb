import { validateDefinition } from '@windlass/engine/definition';
import { type JsonObject, type TaskType, describeTask } from '@windlass/engine/task';
import { httpRequest } from './http-request.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestSite, type TestWorld, testSite, testWorld } from '../testing/site.ts';

let site: TestSite;
let test: TestWorld;
beforeEach(async () => {
  site = await testSite();
  site.answer = ({ method }) => ({
    status: method === 'POST' ? 201 : 200,
    body: '{"id":"a/1","n":7,"tags":["x"],"evil":".."}',
    headers: { 'content-type': 'application/json', etag: '"e1"', 'set-cookie': 's=1' },
  });
  test = testWorld({ allow: [site.host] });
});
afterEach(() => {
  site.close();
  test.close();
});
const post = (undo: JsonObject | undefined, more: JsonObject = {}) =>
  test.apply('http.request', { method: 'POST', url: `${site.origin}/things`, body: { n: 1 }, ...(undo ? { undo } : {}), ...more });
const sent = () => site.heard.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());

describe('http.request', () => {
  it('sends the request, and revert sends the one that undoes it, filled from the answer', async () => {
    const { output, revert } = await post({
      url: `${site.origin}/things/{output.body.id}?n={output.body.n}`,
      headers: { 'If-Match': '{output.headers.etag}' },
    });
    expect(output).toEqual({
      status: 201,
      url: `${site.origin}/things`,
      headers: { 'content-type': 'application/json', etag: '"e1"' },
      body: expect.objectContaining({ id: 'a/1' }),
    });
    expect((await revert()).kind).toBe('done');
    expect(sent()).toEqual(['POST /things {"n":1}', 'DELETE /things/a%2F1?n=7']);
    expect(site.heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['job/atom/1', 'job/atom/1/revert']);
    expect(site.heard[1]?.headers['if-match']).toBe('"e1"');
  });

  it('sends the same key when it is repeated, and the key that the author gives before its own', async () => {
    await post(undefined);
    await post(undefined);
    await post(undefined, { headers: { 'IDEMPOTENCY-KEY': 'mine' } });
    expect(site.heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['job/atom/1', 'job/atom/1', 'mine']);
  });

  it('keeps the types of values in a JSON body, and escapes them in a text body', async () => {
    const body = { n: '{output.body.n}', tags: '{output.body.tags}', text: 'was {output.body.id}' };
    await (await post({ method: 'POST', url: site.origin, body })).revert();
    expect(JSON.parse(site.heard[1]?.body ?? '')).toEqual({ n: 7, tags: ['x'], text: 'was a/1' });
    site.answer = () => ({ status: 200, body: JSON.stringify({ id: '"},"all":{"' }), headers: { 'content-type': 'application/json' } });
    const text = { method: 'POST', url: site.origin, headers: { 'content-type': 'application/json' }, body: '{"id":"{output.body.id}"}' };
    await (await post(text)).revert();
    expect(JSON.parse(site.heard[3]?.body ?? '')).toEqual({ id: '"},"all":{"' });
  });

  it('does not fill what an answer brought again', async () => {
    site.answer = () => ({ status: 200, body: '{"id":"{output.body.key}","key":"k"}', headers: { 'content-type': 'application/json' } });
    await (await post({ url: `${site.origin}/{output.body.id}` })).revert();
    expect(sent()[1]).toBe('DELETE /%7Boutput.body.key%7D');
  });

  it.each([
    ['that is not in the answer', '{output.body.gone}'],
    ['that only the language has', '{output.body.constructor}'],
    ['that would be another address', '{output.body.evil}'],
    ['that is not one value', '{output.body.tags}'],
  ])('does not send an undoing request with a value %s', async (_, placeholder) => {
    const { revert } = await post({ url: `${site.origin}/things/${placeholder}` });
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'UNDO_INCOMPLETE' } });
    expect(site.heard).toHaveLength(1);
  });

  it('takes what is gone already as undone, but no other refusal', async () => {
    const { revert } = await post({ url: `${site.origin}/x` });
    site.answer = () => ({ status: 404 });
    expect((await revert()).kind).toBe('done');
    site.answer = () => ({ status: 403 });
    expect(await revert()).toMatchObject({ kind: 'failed', failure: { code: 'HTTP_STATUS' } });
  });

  it('fails at a status that is not accepted, with what was answered', async () => {
    site.answer = () => ({ status: 422, body: '{"why":"no"}', headers: { 'content-type': 'application/json' } });
    expect((await post(undefined)).outcome).toMatchObject({ failure: { code: 'HTTP_STATUS', data: { status: 422, body: { why: 'no' } } } });
    expect((await post(undefined, { expect: [422] })).output['status']).toBe(422);
  });

  it.each([
    [400, true],
    [409, true],
    [501, true],
    [500, false],
    [503, false],
    [502, false],
    [504, false],
  ])('T1: a %i says that nothing was done: %j, with a request that undoes it and without', async (status, wanted) => {
    site.answer = () => ({ status });
    const says = (failure: unknown) => (failure as { nothingDone?: true }).nothingDone === true;
    for (const undo of [{ url: site.origin }, undefined]) {
      const { outcome } = await post(undo);
      expect(says(outcome.kind === 'failed' ? outcome.failure : {})).toBe(wanted);
    }
  });

  it('after a redirect no refusal says that nothing was done: the server that redirected may have done it', async () => {
    site.answer = ({ url }) => (url === '/things' ? { status: 303, headers: { location: '/made' } } : { status: 404 });
    const { outcome, revert } = await post({ url: `${site.origin}/things/1` });
    expect(outcome).toMatchObject({ failure: { code: 'HTTP_STATUS' } });
    expect(JSON.stringify(outcome)).not.toContain('nothingDone');
    site.answer = () => ({ status: 200 });
    await revert();
    expect(sent().at(-1)).toBe('DELETE /things/1');
  });

  it('T1: a status that the author lists says that nothing was done, and no other, nor after a redirect', async () => {
    const undo = { url: `${site.origin}/{output.body.id}` };
    const nothingDone = async (status: number, path = '/things') => {
      site.answer = ({ url }) => (url === '/away' ? { status: 307, headers: { location: '/things' } } : { status });
      const { outcome } = await post(undo, { notDone: [503], url: `${site.origin}${path}` });
      return outcome.kind === 'failed' && outcome.failure.nothingDone === true;
    };
    expect([await nothingDone(503), await nothingDone(502), await nothingDone(503, '/away')]).toEqual([true, false, false]);
  });

  it('A4: undoes a repeated attempt though its last call was refused', async () => {
    const failure = { code: 'HTTP_STATUS', message: '', data: { status: 409, body: '' } };
    await test.revert('http.request', { method: 'PUT', url: site.origin, undo: { url: `${site.origin}/x` } }, { failure });
    expect(sent()).toEqual(['DELETE /x']);
  });

  it('undoes what took effect though its status was not accepted, from the answer that the failure kept', async () => {
    const { code, revert } = await post({ url: `${site.origin}/{output.body.n}` }, { expect: [200] });
    expect(code).toBe('HTTP_STATUS');
    expect((await revert()).kind).toBe('done');
    expect(sent()[1]).toBe('DELETE /7');
  });

  it('does not say reverted when nobody knows whether it took effect and there is nothing to fill from', async () => {
    const filled = { method: 'POST', url: site.origin, undo: { url: `${site.origin}/{output.body.id}` } };
    const plain = { method: 'POST', url: site.origin, undo: { url: `${site.origin}/all` } };
    for (const failure of [
      undefined,
      { code: 'HTTP_TIMEOUT', message: '' },
      { code: 'ABORTED', message: '' },
      { code: 'HTTP_STATUS', message: '', data: { status: 504, body: '' } },
      // The id of an error is not the id of the thing that the request may have made.
      { code: 'HTTP_STATUS', message: '', data: { status: 503, body: { id: 'error-1' } } },
    ]) {
      const as = failure === undefined ? {} : { failure };
      expect(await test.revert('http.request', filled, as)).toMatchObject({ kind: 'failed', failure: { code: 'UNDO_INCOMPLETE' } });
      expect((await test.revert('http.request', plain, as)).kind).toBe('done');
    }
    expect(sent()).toEqual(Array.from({ length: 5 }, () => 'DELETE /all'));
  });

  it('has nothing to undo after a GET, or after a request that was never sent', async () => {
    const undo = { url: `${site.origin}/x` };
    await (await test.apply('http.request', { url: site.origin, undo })).revert();
    const refused = await test.apply('http.request', { method: 'POST', url: 'http://10.0.0.1/', undo });
    expect(refused.outcome).toMatchObject({ failure: { code: 'HTTP_ADDRESS_REFUSED', nothingDone: true } });
    expect(sent()).toEqual(['GET /']);
  });

  it('cuts a long text and keeps what is not the JSON that it says it is', async () => {
    site.answer = () => ({ status: 200, body: 'é'.repeat(150_000) });
    expect(String((await post(undefined)).output['body'])).toMatch(/ \(50000 more characters\)$/);
    site.answer = () => ({ status: 200, body: '<html>', headers: { 'content-type': 'application/json' } });
    expect((await post(undefined)).output['body']).toBe('<html>');
  });

  it('ends when it is aborted', async () => {
    site.answer = () => new Promise(() => {});
    expect((await test.apply('http.request', { url: site.origin }, { signal: AbortSignal.timeout(50) })).code).toBe('ABORTED');
  });
});

it('R3: an author is warned where a retried request could not be undone after a failure, until statuses of nothing done are listed', () => {
  const retry = { id: 'r', strategy: { kind: 'times', attempts: 3 } };
  const undo = { url: 'https://example.org/{output.body.id}' };
  const warnings = (parameters: JsonObject) => {
    const order = {
      kind: 'task',
      id: 'a',
      name: 'Order',
      type: 'http.request',
      retry,
      parameters: { url: 'https://example.org', ...parameters },
    };
    const root = { kind: 'flow', id: 'root', name: 'Shop', pattern: 'linear', items: [order] };
    const { problems } = validateDefinition({ schemaVersion: 1, name: 'Shop', root }, () => describeTask(httpRequest as TaskType<never>));
    return problems.map(({ code, severity }) => `${code} ${severity}`);
  };
  expect(warnings({ method: 'POST', undo })).toEqual(['RETRY_STOPS warning']);
  expect(warnings({ method: 'POST', undo, notDone: [503] })).toEqual([]);
  expect(warnings({ method: 'POST', undo: { url: 'https://example.org/1' } })).toEqual([]);
  expect(warnings({ method: 'GET', undo })).toEqual([]);
});
