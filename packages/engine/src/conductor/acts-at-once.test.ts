// B7: acts that are sent to one server at the same moment are all carried out, or refused with the state of the job, whoever of
// them claims the parked job.
import { expect, it } from 'vitest';
import { ConductorScene } from '../testing/conductor-scene.ts';
import { flow, linear, task } from '../testing/flows.ts';

const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const send = (n: number) => ({ kind: 'SIGNAL', reason: '', name: 'go', data: n }) as const;
const waits = (count: number) =>
  flow(
    linear(
      'root',
      Array.from({ length: count }, (_, n) => task(`w${n}`, { type: 'listen' })),
    ),
  );
/** Promises in a row between one act and the next. */
const after = async (turns: number) => {
  for (let turn = 0; turn < turns; turn += 1) await null;
};

it.each([0, 1, 2, 3, 5, 8, 13, 21, 34])(
  'signals that are sent %i promises apart to a parked job are all taken, in order',
  async (apart) => {
    const scene = new ConductorScene();
    const conductor = scene.start();
    const job = await scene.launch(conductor, waits(8));
    await scene.pass(300);
    expect(await scene.store.get(job)).toMatchObject({ state: 'WAITING' });
    const answers = [];
    for (let n = 0; n < 8; n += 1) {
      answers.push(conductor.act(job, send(n), ana));
      await after(apart);
    }
    await scene.pass(2_000);
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(Array(8).fill('done'));
    expect(await scene.store.get(job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
    expect((await conductor.snapshot(job)).atoms.map(({ output }) => output)).toEqual(
      Array.from({ length: 8 }, (_, data) => ({ data, received: true })),
    );
  },
);

it('an act at the moment at which the conductor claims the job by itself is carried out', async () => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  const job = await scene.launch(conductor, flow(linear('root', [task('pause', { type: 'pause' }), task('w', { type: 'listen' })])));
  await scene.pass(300);
  const claim = scene.store.claim.bind(scene.store);
  let goOn = () => {};
  scene.store.claim = async (...args) => {
    const claims = await claim(...args);
    if (claims.length > 0) await new Promise<void>((resolve) => (goOn = resolve));
    return claims;
  };
  await scene.pass(6_000, 250);
  expect(await scene.store.get(job)).toMatchObject({ state: 'CLAIMED', owner: 'c1' });
  const answer = conductor.act(job, send(1), ana);
  await scene.settle();
  goOn();
  await scene.pass(1_000);
  expect(await answer).toMatchObject({ kind: 'done' });
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
});

it('an act on a job that the conductor is just giving back is carried out once the board has it', async () => {
  const scene = new ConductorScene();
  const conductor = scene.start();
  const job = await scene.launch(conductor, waits(1));
  await scene.pass(300);
  scene.store.fail = (asked) => {
    if (asked === 'commit') throw new Error('unreachable');
  };
  await expect(conductor.act(job, send(1), ana)).rejects.toThrow('unreachable');
  scene.store.fail = () => {};
  const answer = conductor.act(job, send(2), ana);
  await scene.pass(2_000);
  expect(await answer).toMatchObject({ kind: 'done' });
  expect(await scene.store.get(job)).toMatchObject({ run: 'SUCCESS' });
});
