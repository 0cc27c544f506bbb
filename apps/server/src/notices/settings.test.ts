import { expect, test } from 'vitest';
import { readConfiguration } from '../env.ts';
import { noticeChannels } from './notifier.ts';

const read = (environment: { [name: string]: string }) => readConfiguration('/opt/windlass', environment).notices;
const MAIL = {
  WINDLASS_SMTP_URL: 'smtp://mail.example.org',
  WINDLASS_MAIL_FROM: 'windlass@example.org',
  WINDLASS_MAIL_TO: 'ana@example.org',
};

test('nothing has to be said', () => {
  expect(read({})).toEqual({ address: null, webhook: null, mail: null });
});

test('a mail server has a login that may hold anything, and a port by its kind', () => {
  expect(
    read({ ...MAIL, WINDLASS_SMTP_URL: 'smtps://ops%40example.org:p%40ss%2Fw@[::1]', WINDLASS_MAIL_TO: 'a@x.org, b@x.org' }).mail,
  ).toEqual({
    host: '::1',
    port: 465,
    secure: true,
    login: { user: 'ops@example.org', pass: 'p@ss/w' },
    from: 'windlass@example.org',
    to: ['a@x.org', 'b@x.org'],
  });
  expect(read({ ...MAIL, WINDLASS_MAIL_FROM: 'Windlass at work <w@x.org>' }).mail).toMatchObject({ port: 587, secure: false, login: null });
});

test('an address for links may have a path, and loses the slash at its end', () => {
  expect(read({ WINDLASS_ADDRESS: 'https://ops.example.org/windlass/' }).address).toBe('https://ops.example.org/windlass');
});

test.each([
  ['WINDLASS_ADDRESS', 'ops.s3cret.org'],
  ['WINDLASS_ADDRESS', 'ftp://s3cret.org'],
  ['WINDLASS_ADDRESS', 'https://ana:s3cret@ops.example.org'],
  ['WINDLASS_ADDRESS', 'http://127.0.0.1:4700/open?key=s3cret'],
  ['WINDLASS_WEBHOOK_URL', 's3cret'],
  ['WINDLASS_WEBHOOK_URL', 'file:///s3cret'],
  ['WINDLASS_WEBHOOK_URL', 'https://ana:%s3cret@hooks.example.org'],
  ['WINDLASS_SMTP_URL', 'mail.s3cret.org:25'],
  ['WINDLASS_SMTP_URL', 'http://ops:s3cret@mail.example.org'],
  ['WINDLASS_SMTP_URL', 'smtp://ops:100%s3cret@mail.example.org'],
  ['WINDLASS_SMTP_URL', 'smtp://mail.example.org?key=s3cret'],
  ['WINDLASS_SMTP_URL', 'smtp://ops:s3cret#1@mail.example.org'],
  ['WINDLASS_MAIL_FROM', 's3cret'],
  ['WINDLASS_MAIL_FROM', 'a@x.org\nBcc: s3cret@x.org'],
  ['WINDLASS_MAIL_TO', 's3cret'],
  ['WINDLASS_MAIL_TO', 'a@x.org, <s3cret@x.org>'],
])('a wrong %s is refused with a sentence that does not repeat it', (name, value) => {
  const refused = () => read({ ...MAIL, [name]: value });
  expect(refused).toThrow(new RegExp(`^${name} cannot be used: write `));
  expect(refused).not.toThrow('s3cret');
});

test('half a mail setting is refused with what is missing', () => {
  expect(() => read({ WINDLASS_SMTP_URL: 'smtp://ops:s3cret@mail.example.org', WINDLASS_MAIL_TO: '' })).toThrow(
    'WINDLASS_SMTP_URL, WINDLASS_MAIL_FROM, WINDLASS_MAIL_TO belong together: give WINDLASS_MAIL_FROM and WINDLASS_MAIL_TO too, or none of them.',
  );
});

test('of a webhook no more than its origin is shown, of mail no more than how many get it', () => {
  const settings = read({ ...MAIL, WINDLASS_WEBHOOK_URL: 'https://ana:s3cret@hooks.example.org/services/t0ken?k=1' });
  expect(noticeChannels(settings)).toEqual([
    { channel: 'webhook', target: 'https://hooks.example.org' },
    { channel: 'email', target: '1 address' },
  ]);
});
