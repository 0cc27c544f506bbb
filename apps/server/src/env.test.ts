import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfiguration } from './env.ts';

const read = (environment: { [name: string]: string }) => readConfiguration('/opt/windlass', environment);

test('nothing has to be said', () => {
  expect(read({})).toMatchObject({
    port: 4700,
    host: '127.0.0.1',
    dataFolder: '/opt/windlass/data',
    databaseUrl: `file:${join('/opt/windlass/data', 'windlass.db')}`,
    filesFolder: '/opt/windlass/data/files',
    tasksFolder: null,
    httpAllow: [],
    commands: 'off',
    examples: true,
  });
});

test('an empty value is no value', () => {
  expect(read({ WINDLASS_PORT: '', WINDLASS_HOST: '', WINDLASS_DATA: '', WINDLASS_COMMANDS: '' })).toMatchObject({
    port: 4700,
    host: '127.0.0.1',
    commands: 'off',
  });
});

test.each([
  ['WINDLASS_HOST', '0.0.0.0', 'no accounts yet'],
  ['WINDLASS_HOST', '::', 'no accounts yet'],
  ['WINDLASS_HOST', '192.168.1.5', 'no accounts yet'],
  ['WINDLASS_HOST', 'build.example', 'no accounts yet'],
  ['WINDLASS_PORT', '70000', 'WINDLASS_PORT=70000'],
  ['WINDLASS_PORT', 'http', 'WINDLASS_PORT=http'],
  ['WINDLASS_EXAMPLES', 'yes', 'WINDLASS_EXAMPLES=yes'],
  ['WINDLASS_HTTP_ALLOW', 'http://127.0.0.1:8080', 'host:port'],
  ['WINDLASS_HTTP_ALLOW', '127.0.0.1', 'host:port'],
])('%s=%s is refused with a sentence', (name, value, words) => {
  expect(() => read({ [name]: value })).toThrow(words);
});

test('lists are separated by commas or spaces', () => {
  const { httpAllow, commands } = read({ WINDLASS_HTTP_ALLOW: '127.0.0.1:8080, [::1]:9000', WINDLASS_COMMANDS: 'git,npm' });
  expect([httpAllow, commands]).toEqual([
    ['127.0.0.1:8080', '[::1]:9000'],
    ['git', 'npm'],
  ]);
});

test('an address of version 6 is taken with or without brackets', () => {
  expect([read({ WINDLASS_HOST: '[::1]' }).host, read({ WINDLASS_HOST: '::1' }).host]).toEqual(['::1', '::1']);
});

test('secrets are found by name and not handed to programs that are started', () => {
  const { secret, desktop } = read({ WINDLASS_SECRET_API_KEY: 'abc', PATH: '/bin' });
  expect([secret('api-key'), secret('API_KEY'), secret('other')]).toEqual(['abc', 'abc', undefined]);
  expect(desktop).toEqual({ PATH: '/bin' });
});
