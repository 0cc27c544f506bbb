// Notices to a webhook: a POST with JSON, and a key that identifies a repeated notice.
import { type Message, type Send, Undelivered } from './message.ts';

/** Sends to that address. The address is never shown, because it often is a secret. */
export function webhookSend(url: URL): Send {
  const { target, login } = apart(url);
  return async (message, signal) => {
    const response = await fetch(target, {
      method: 'POST',
      // A redirect would send the notice to an address that no person configured.
      redirect: 'manual',
      signal,
      headers: { 'content-type': 'application/json', 'user-agent': 'Windlass', 'idempotency-key': message.key, ...login },
      body: JSON.stringify(bodyOf(message)),
    }).catch((thrown: unknown) => Promise.reject(new Undelivered(whyOf(thrown))));
    // The body of the answer is not needed, and it might never end; a failure of ending it changes nothing.
    await response.body?.cancel().catch(() => undefined);
    const { status } = response;
    if (status >= 300 && status < 400) throw new Undelivered(`it answered with a redirect (${status}), and redirects are not followed`);
    if (!response.ok) throw new Undelivered(`it answered ${status}`);
    return null;
  };
}

function bodyOf({ key, job, flowName, attention, sentence, link, raisedAt }: Message) {
  return { event: 'attention', key, job, flow: flowName, attention, sentence, link, raisedAt: new Date(raisedAt).toISOString() };
}

/** `fetch` takes no address with a login in it. */
function apart(url: URL): { readonly target: URL; readonly login: { readonly [header: string]: string } } {
  const target = new URL(url);
  target.username = '';
  target.password = '';
  if (url.username === '' && url.password === '') return { target, login: {} };
  const login = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64');
  return { target, login: { authorization: `Basic ${login}` } };
}

/** Only a system error code: the message of `fetch` may hold the address. */
function whyOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return 'it did not answer in time';
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return `it could not be reached${/^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : ''}`;
}
