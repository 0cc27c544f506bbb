// Notices by mail. Message-ID and date are the same at each try, so mail programs show a repeated mail once.
import { isIP } from 'node:net';
import nodemailer from 'nodemailer';
import { type Message, type Send, Undelivered } from './message.ts';
import type { MailSettings } from './settings.ts';

/** Most time that a mail server may stay silent. */
const SILENT_MS = 15_000;
const LONGEST_SUBJECT = 150;

const WORDS = new Map([
  ['EAUTH', 'the mail server did not accept the login'],
  ['EENVELOPE', 'the mail server refused the sender or the recipients'],
  ['EMESSAGE', 'the mail server refused the message'],
  ['ETLS', 'the mail server offers no encryption that can be trusted'],
  ['EDNS', 'the mail server was not found'],
  ['ETIMEDOUT', 'the mail server did not answer in time'],
]);

/** Sends through that server. */
export function emailSend({ host, port, secure, login, from, to }: MailSettings): Send {
  const transport = nodemailer.createTransport({
    host,
    port,
    secure,
    ...(login === null ? {} : { auth: login }),
    // A password is never sent over a network without TLS, whatever the mail server offers.
    requireTLS: login !== null && !secure && !isLoopback(host),
    connectionTimeout: SILENT_MS,
    greetingTimeout: SILENT_MS,
    socketTimeout: SILENT_MS,
    dnsTimeout: SILENT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^@>]+)>?$/.exec(from)?.[1] ?? 'windlass';
  return async (message, signal) => {
    const sending = transport.sendMail({
      from,
      to: [...to],
      messageId: `<${message.key}@${domain}>`,
      date: new Date(message.raisedAt),
      subject: subjectOf(message),
      text: textOf(message),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    const { rejected } = await orAborted(sending, signal).catch((thrown: unknown) => Promise.reject(new Undelivered(whyOf(thrown))));
    // A second try would send the mail again to recipients who have it.
    return rejected.length === 0 ? null : `the mail server refused ${rejected.length} of ${to.length} recipients`;
  };
}

function subjectOf({ sentence }: Message): string {
  return sentence.length > LONGEST_SUBJECT ? `${sentence.slice(0, LONGEST_SUBJECT - 1)}…` : sentence;
}

function textOf({ sentence, link, job, raisedAt }: Message): string {
  const since = new Date(raisedAt).toISOString();
  return `${sentence}\n\n${link}\n\nJob ${job}, since ${since}.\nWindlass sends this once for each time that a job begins to need a person.\n`;
}

/** The transport cannot be aborted. A mail that is still being sent may arrive, with the same Message-ID. */
function orAborted<T>(sending: Promise<T>, signal: AbortSignal): Promise<T> {
  // After an abort nothing awaits the sending; without an abort the promise below rejects with its error.
  sending.catch(() => undefined);
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(Object.assign(new Error('aborted'), { code: 'ETIMEDOUT' }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    sending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Only codes: the answer of a mail server may hold the login. */
function whyOf(thrown: unknown): string {
  const { code, responseCode } = (thrown instanceof Error ? thrown : {}) as { readonly code?: unknown; readonly responseCode?: unknown };
  const words = WORDS.get(String(code)) ?? 'the mail server could not be reached';
  return typeof responseCode === 'number' ? `${words} (${responseCode})` : words;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
