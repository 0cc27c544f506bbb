// A4 and R5 on the real thing: another process applies and is killed in the middle of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { JsonObject } from '@windlass/engine/task';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarGzOf } from '../testing/archives.ts';
import { type TestWorld, testWorld } from '../testing/site.ts';

let test: TestWorld;
beforeEach(async () => {
  test = testWorld();
  for (const name of ['out', 'v2']) mkdirSync(test.at(name));
  symlinkSync('out', test.at('current'));
  writeFileSync(test.at('out/f7'), 'old');
  chmodSync(test.at('out/f7'), 0o640);
  const entries = Array.from({ length: 300 }, (_, index) => ({ name: index % 3 ? `f${index}` : `d${index}/e/f`, text: `${index}` }));
  writeFileSync(test.at('a.tgz'), await tarGzOf(entries));
});
afterEach(() => test.close());

const SCRIPT = `
  import { json } from 'node:stream/consumers';
  import { testWorld } from '../testing/site.ts';
  const { root, type, input } = await json(process.stdin);
  process.stdout.write('ready');
  await testWorld({ root }).apply(type, input);
  process.stdout.write('done');
  setInterval(() => {}, 1000);`;

/** Applies in another process, and kills that as soon as the moment is seen; at the latest when it is done. */
async function killedApply(type: string, input: JsonObject, isMoment: () => boolean): Promise<void> {
  const args = ['--import', 'tsx', '--input-type=module', '-e', SCRIPT];
  const child = spawn(process.execPath, args, { cwd: new URL('.', import.meta.url), stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ root: test.root, type, input }));
  await once(child.stdout, 'data');
  let isDone = false;
  child.stdout.on('data', () => {
    isDone = true;
  });
  while (!isDone && !isMoment()) await turn();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const names = (folder: string) => (existsSync(test.at(folder)) ? readdirSync(test.at(folder)) : []);
const isNoted = () => names('.windlass').some((name) => name.endsWith('.json'));
const isBeside = () => names('out').some((name) => name.startsWith('.windlass-'));

const moments: readonly (readonly [string, string, JsonObject, () => boolean])[] = [
  ['archive.unpack', 'noted', { archive: 'a.tgz', into: 'out', overwrite: true }, isNoted],
  ['archive.unpack', 'half unpacked', { archive: 'a.tgz', into: 'out', overwrite: true }, () => names('out').length > 60],
  ['file.write', 'noted', { path: 'out/f7', content: 'x'.repeat(3_000_000) }, isNoted],
  ['file.write', 'half written', { path: 'out/f7', content: 'x'.repeat(3_000_000) }, isBeside],
  ['link.switch', 'noted', { path: 'current', target: 'v2' }, isNoted],
  ['folder.create', 'noted', { path: 'deep/er' }, isNoted],
];

describe.each(moments)('%s, killed when it was %s', (type, _, input, isMoment) => {
  it('is undone to what stood before', async () => {
    const before = test.picture();
    await killedApply(type, input, isMoment);
    expect(await test.revert(type, input)).toMatchObject({ kind: 'done' });
    expect(test.picture()).toEqual(before);
  });

  it('is repeated, and then undone to what stood before', async () => {
    const before = test.picture();
    await killedApply(type, input, isMoment);
    const { outcome, revert } = await test.apply(type, input);
    expect(outcome).toMatchObject({ kind: 'done' });
    expect((await revert()).kind).toBe('done');
    expect(test.picture()).toEqual(before);
  });
});
