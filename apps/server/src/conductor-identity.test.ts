// R11: which conductors are known to be dead.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sharedIdentity, singleIdentity } from './conductor-identity.ts';

const MACHINE = '0a1b2c3d';
const { pid: ended = 0 } = spawnSync(process.execPath, ['--version']);
const { id, isDead } = sharedIdentity(MACHINE);

it('R11: a process of this machine that has ended is known to be dead', () => {
  expect(isDead(`web-${ended}-${MACHINE}-aaaaaa`)).toBe(true);
  // In a container that was started again, the process number is the same.
  expect(isDead(`web-${process.pid}-${MACHINE}-aaaaaa`)).toBe(true);
});

it.each([
  ['this process', id],
  ['a process of this machine that runs', `web-${process.ppid}-${MACHINE}-aaaaaa`],
  ['a process of another machine', `web-${ended}-ffffffff-aaaaaa`],
  ['a process that an earlier version named', `web-${ended}-aaaaaa`],
])('R11: %s is not known to be dead', (_, conductor) => {
  expect(isDead(conductor)).toBe(false);
});

it('R11: where the system does not name the machine, no process is known to be dead', () => {
  expect(sharedIdentity(null).isDead(`web-${ended}-${MACHINE}-aaaaaa`)).toBe(false);
});

it('R11: two processes never have one name, and each recognises its machine', () => {
  const [one, other] = [sharedIdentity(), sharedIdentity()];
  expect(one.id).not.toBe(other.id);
  expect(one.id.startsWith(id.slice(0, id.indexOf(MACHINE)))).toBe(true);
});

it('R11: where one server has the database, every former holder has ended', () => {
  expect(singleIdentity().isDead('web-1')).toBe(true);
});
