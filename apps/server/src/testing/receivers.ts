// Those to whom notices go, on loopback: a webhook and a mail server that keep what they get.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly got: Received[];
  /** How it answers; 204 at first, null for not at all. */
  answer: { readonly status: number; readonly location?: string } | null;
  close(): Promise<void>;
}

export async function startWebhook(): Promise<WebhookReceiver> {
  const got: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const { answer } = receiver;
      if (answer !== null) response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location }).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=t0ken`,
    got,
    answer: { status: 204 },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

export interface MailReceiver {
  readonly port: number;
  /** Whole messages, with their recipients. */
  readonly got: { readonly to: readonly string[]; readonly text: string }[];
  /** Number of attempts to log in. */
  readonly logins: number;
  close(): Promise<void>;
}

/** `refuse`: recipients that it does not know. With a password it wants the login `ops` and that. */
export async function startMail({
  refuse = [],
  password,
}: {
  readonly refuse?: readonly string[];
  readonly password?: string;
} = {}): Promise<MailReceiver> {
  const got: { to: string[]; text: string }[] = [];
  let logins = 0;
  const server = new SMTPServer({
    authOptional: password === undefined,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (login, _session, done) => {
      logins += 1;
      if (login.username === 'ops' && login.password === password) done(null, { user: 'ops' });
      else done(new Error(`no login with ${login.password}`));
    },
    onRcptTo: ({ address }, _session, done) => done(refuse.includes(address) ? new Error('nobody of that name') : null),
    onData: (stream, session, done) => {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        text += chunk;
      });
      stream.on('end', () => {
        got.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.server.address() as AddressInfo).port,
    got,
    get logins() {
      return logins;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}
