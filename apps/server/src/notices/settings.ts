// The settings of notices, from the environment. Each value may hold a password or a token (the address of a webhook often
// does), so no message about a wrong value repeats the value.
import { z } from 'zod';

/** `Windlass <windlass@example.org>`, or only the address. */
const SENDER = /^(?:[^<>"@\p{Cc}]{1,100} )?<([^\s<>@,;"]+@[^\s<>@,;"]+)>$|^([^\s<>@,;"]+@[^\s<>@,;"]+)$/u;
const ADDRESS = /^[^\s<>@,;"]+@[^\s<>@,;"]+$/;

/** An address for browsers and receivers: without a login, a query or a fragment. */
function isPlain(url: URL): boolean {
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function urlOf(text: string, protocols: readonly string[]): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '' ? url : null;
}

const HTTP = ['http:', 'https:'];
const address = z
  .string()
  .trim()
  .refine((text) => {
    const url = urlOf(text, HTTP);
    return url !== null && isPlain(url);
  }, 'write http:// or https:// and a host, such as https://windlass.example.org, without a login or a query')
  .transform((text) => text.replace(/\/+$/, ''));
const webhook = z
  .string()
  .trim()
  .refine((text) => urlOf(text, HTTP) !== null && isDecodable(text), 'write an address that begins with http:// or https://');
const smtp = z
  .string()
  .trim()
  .refine((text) => {
    const url = urlOf(text, ['smtp:', 'smtps:']);
    return url !== null && isDecodable(text) && ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '';
  }, 'write smtp:// or smtps://, perhaps a login, and host and port, such as smtps://user:password@mail.example.org:465; what is special in a password is written as %40 and the like');
const sender = z.string().trim().regex(SENDER, 'write one mail address, or a name and then the address in < >');
const recipients = z
  .string()
  .transform((text) => text.split(/[,\s]+/).filter((one) => one !== ''))
  .pipe(
    z
      .array(z.string().regex(ADDRESS, 'write mail addresses, parted by commas'))
      .min(1, 'write mail addresses, parted by commas')
      .max(50, 'write 50 addresses at most; a mailing list takes more'),
  );

/** The variables, for the schema of the whole environment. */
export const NOTICE_VARIABLES = {
  WINDLASS_ADDRESS: address.optional(),
  WINDLASS_WEBHOOK_URL: webhook.optional(),
  WINDLASS_SMTP_URL: smtp.optional(),
  WINDLASS_MAIL_FROM: sender.optional(),
  WINDLASS_MAIL_TO: recipients.optional(),
};
const MAIL = ['WINDLASS_SMTP_URL', 'WINDLASS_MAIL_FROM', 'WINDLASS_MAIL_TO'] as const;

/** A mail server, the sender and the recipients. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly login: { readonly user: string; readonly pass: string } | null;
  readonly from: string;
  readonly to: readonly string[];
}

export interface NoticeSettings {
  /** The address of this server for people, without a slash at its end; null for the address that the server listens on. */
  readonly address: string | null;
  readonly webhook: URL | null;
  readonly mail: MailSettings | null;
}

/** Throws an Error with one sentence when some of the mail settings are missing. */
export function noticeSettings(env: z.output<z.ZodObject<typeof NOTICE_VARIABLES>>): NoticeSettings {
  const { WINDLASS_ADDRESS, WINDLASS_WEBHOOK_URL, WINDLASS_SMTP_URL, WINDLASS_MAIL_FROM, WINDLASS_MAIL_TO } = env;
  const missing = MAIL.filter((name) => env[name] === undefined);
  if (missing.length > 0 && missing.length < MAIL.length) {
    throw new Error(`${MAIL.join(', ')} belong together: give ${missing.join(' and ')} too, or none of them.`);
  }
  const isMail = WINDLASS_SMTP_URL !== undefined && WINDLASS_MAIL_FROM !== undefined && WINDLASS_MAIL_TO !== undefined;
  return {
    address: WINDLASS_ADDRESS ?? null,
    webhook: WINDLASS_WEBHOOK_URL === undefined ? null : new URL(WINDLASS_WEBHOOK_URL),
    mail: isMail ? { ...mailServerOf(new URL(WINDLASS_SMTP_URL)), from: WINDLASS_MAIL_FROM, to: WINDLASS_MAIL_TO } : null,
  };
}

function mailServerOf({ protocol, hostname, port, username, password }: URL): Omit<MailSettings, 'from' | 'to'> {
  const secure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    login: username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  };
}

/** Refuses a stray `%` in a login at the start; otherwise the first notice would fail. */
function isDecodable(text: string): boolean {
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}
