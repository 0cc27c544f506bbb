import { expect, it } from 'vitest';
import { SecretMask } from './mask-secrets.ts';

const masked = (text: string, values: { readonly [name: string]: string }) => new SecretMask(new Map(Object.entries(values))).text(text);
const KEY = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\nab==\n-----END KEY-----\n';

it('S4, L5: a secret of several lines is masked line by line, as a program prints it', () => {
  const printed = KEY.split('\n').map((line) => masked(line, { key: KEY }));
  expect(printed.join('\n')).not.toMatch(/MIIE|kqhk/);
  expect(masked(`x${KEY}y`, { key: KEY })).toBe('x•••key•••y');
  expect(masked('MIIEvQIBADANBg\r', { key: KEY.replaceAll('\n', '\r\n') })).toBe('•••key•••\r');
});

it('S4: a secret that ends with a line feed is masked without it too', () => {
  expect(masked('pin: 1234.', { pin: '1234\n' })).toBe('pin: •••pin•••.');
});

it('S4: short lines of a longer secret are not masked', () => {
  expect(masked('ab== and more', { key: KEY })).toBe('ab== and more');
});

it('S4: overlapping secrets are masked completely', () => {
  expect(masked('hunter2-admin', { user: 'hunter2', admin: 'hunter2-admin' })).toBe('•••admin•••');
});

it('S4: an absent or an empty secret changes nothing', () => {
  expect([masked('some text', {}), masked('some text', { none: '' }), masked('some text', { blank: '\n' })]).toEqual(
    Array.from({ length: 3 }, () => 'some text'),
  );
});
