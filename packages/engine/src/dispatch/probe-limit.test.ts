// A4: a probe that does not answer is no reason to wait for ever.
import { expect, it } from 'vitest';
import type { TaskOutcome } from './task-runner.ts';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { flow, linear, task } from '../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const done: TaskOutcome = { kind: 'done', output: {} };
const never = new Promise<never>(() => {});

/** The first conductor is lost while it calls; the second one probes, and the probe does not answer. */
async function withHungProbe(type: string, lost: 'apply' | 'revert') {
  const aborted: string[] = [];
  const state = { isLost: true };
  const scene = new ConductorScene(async ({ kind }, signal) => {
    if (kind === 'probe' || kind === 'probeRevert') signal.addEventListener('abort', () => aborted.push(kind));
    if (kind === 'probe' || kind === 'probeRevert') return never;
    return kind === lost && state.isLost ? never : done;
  });
  const first = scene.start('c1');
  const job = await scene.launch(first, flow(linear('root', [task('a', { type })])));
  await scene.pass(300);
  if (lost === 'revert') {
    const choice = { kind: 'job' } as const;
    const { hash } = await first.plan(job, choice);
    await first.act(job, { kind: 'ROLL_BACK', reason: '', choice, hash }, ana);
    await scene.pass(300);
  }
  state.isLost = false;
  await scene.store.releaseAll();
  const second = scene.start('c2');
  await scene.pass(300);
  return { scene, second, job, aborted };
}

it.each([
  ['apply', 'probed', 'probe', 'SUCCESS'],
  ['revert', 'undo_probed', 'probeRevert', 'REVERTED'],
] as const)(
  'a probe of %s that hangs is aborted after 30 s: a person is asked, and what that person says is done',
  async (lost, type, probe, end) => {
    const { scene, second, job, aborted } = await withHungProbe(type, lost);
    expect(scene.calls).toContain(`${probe} a`);
    await scene.pass(29_000, 1_000);
    expect([aborted, (await scene.store.get(job))?.attention]).toEqual([[], null]);
    await scene.pass(1_000);
    expect([aborted, (await scene.store.get(job))?.attention]).toEqual([[probe], 'in_doubt']);
    const [atom] = (await second.snapshot(job)).atoms;
    expect(atom?.inDoubt).toContain('its probe gave no answer within 30 s');
    const repeat = { kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'repeat' } } as const;
    expect(await second.act(job, repeat, ana)).toMatchObject({ kind: 'done' });
    await scene.pass(500);
    expect([scene.calls.at(-1), (await scene.store.get(job))?.run]).toEqual([`${lost} a`, end]);
  },
);
