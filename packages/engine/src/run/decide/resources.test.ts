// Z1: a resource is taken stage by stage and given back stage by stage, or by one destroy.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineResource } from '../../task/define-resource.ts';
import { heldResources } from '../../resources/resource-changes.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';

const stageNames = ['reserve', 'configure', 'acquire'] as const;

function run(type: string, script?: Script) {
  const definition = flow(linear('f', [task('a'), task('m', { type }), task('z')]));
  return new TestRun({ definition, catalog: fakeCatalog, ...(script ? { script } : {}) }).go();
}
const failing =
  (...wanted: string[]): Script =>
  ({ kind, atom }) =>
    wanted.includes(`${kind} ${atom}`) ? { fail: 'BROKEN' } : { output: { [atom]: true } };

describe('Z1: a resource', () => {
  it('is taken stage by stage, each with its own entries; the outputs of all stages make its output', () => {
    const test = run('leased', failing());
    expect(test.calls).toEqual(['apply a', 'apply m.reserve', 'apply m.configure', 'apply m.acquire', 'apply z']);
    expect(test.story.filter((line) => line.startsWith('m.'))).toEqual(
      stageNames.flatMap((stage) => [`m.${stage} RUNNING`, `m.${stage} SUCCESS`]),
    );
    expect(test.run.state).toBe('SUCCESS');
  });

  it.each([
    ['reserve', ['revert m.reserve']],
    ['configure', ['revert m.configure', 'revert m.reserve']],
    ['acquire', ['revert m.acquire', 'revert m.configure', 'revert m.reserve']],
  ])('that fails at %s gives back the stages taken so far, last first', (stage, reverts) => {
    const test = run('leased', failing(`apply m.${stage}`));
    expect(test.calls.filter((call) => call.startsWith('revert'))).toEqual([...reverts, 'revert a']);
    expect(test.run.state).toBe('REVERTED');
    expect(heldResources(test.run)).toEqual([]);
  });

  it.each(stageNames)('with a destroy that fails at %s is destroyed once', (stage) => {
    const test = run('rented', failing(`apply m.${stage}`));
    expect(test.calls.filter((call) => call.startsWith('revert'))).toEqual([`revert m.${stage}`, 'revert a']);
    expect(test.run.state).toBe('REVERTED');
    expect(heldResources(test.run)).toEqual([]);
  });

  it('is given back by a rollback of the job, stage by stage or at once, as planned', () => {
    for (const [type, wanted] of [
      ['leased', ['revert', 'revert', 'revert']],
      ['rented', ['revert', 'nothing', 'nothing']],
    ] as const) {
      const test = run(type, failing());
      const choice = { kind: 'atoms', atoms: ['m.reserve'], leaveOut: [] } as const;
      const plan = planRollback(test.run, { ...choice, atoms: [...choice.atoms], leaveOut: [] });
      const stages = plan.waves.flat().filter(({ atom }) => atom.startsWith('m.'));
      expect(stages.map(({ atom, action }) => [atom, action])).toEqual(
        ['m.acquire', 'm.configure', 'm.reserve'].map((atom, index) => [atom, wanted[index]]),
      );
      test.act({ kind: 'ROLL_BACK', reason: '', choice: { ...choice, atoms: [...choice.atoms], leaveOut: [] }, hash: plan.hash }).finish();
      expect(heldResources(test.run)).toEqual([]);
    }
  });

  it.each(stageNames)('with a destroy is given back as a whole when %s is chosen: no stage is kept', (stage) => {
    const test = run('rented', failing());
    const choice = { kind: 'atoms' as const, atoms: [`m.${stage}`], leaveOut: [] };
    const plan = planRollback(test.run, choice);
    expect(plan.standing.map(({ atom }) => atom)).toEqual(['a']);
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: plan.hash }).finish();
    expect(test.calls.filter((call) => call.startsWith('revert m'))).toEqual(['revert m.acquire']);
    expect(heldResources(test.run)).toEqual([]);
  });

  it.each(stageNames)('with a destroy is kept as a whole when %s is left out', (stage) => {
    const test = run('rented', failing());
    const choice = { kind: 'atoms' as const, atoms: ['a'], leaveOut: [{ atom: `m.${stage}`, reason: 'in use' }] };
    const plan = planRollback(test.run, choice);
    const isLeftOut = { because: 'in use', leftOut: true, orphaned: true };
    expect(plan.standing).toEqual(stageNames.map((one) => ({ atom: `m.${one}`, ...isLeftOut })));
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: plan.hash }).finish();
    expect(test.calls.filter((call) => call.startsWith('revert'))).toEqual(['revert z', 'revert a']);
    expect(heldResources(test.run)).toMatchObject([{ atom: 'm', stage: 'acquire' }]);
  });

  it('whose destroy failed and was kept stands as a whole: no stage counts as undone', () => {
    const test = run('rented', ({ kind }) => (kind === 'revert' ? { fail: 'BROKEN' } : { output: {} }));
    const choice = { kind: 'atoms' as const, atoms: ['m.reserve'], leaveOut: [] };
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash }).finish();
    for (const atom of ['z', 'm.acquire']) {
      if (test.run.atoms.some((one) => one.atom === atom && one.state === 'REVERT_FAILURE')) {
        test.act({ kind: 'KEEP', atom, reason: 'in use' }).finish();
      }
    }
    const states = test.run.atoms.filter(({ atom }) => atom.startsWith('m.')).map(({ atom, state }) => `${atom} ${state}`);
    expect(states.join()).not.toContain(' REVERTED');
    expect(heldResources(test.run)).toMatchObject([{ atom: 'm', stage: 'acquire' }]);
  });

  it('Z2: is held at its furthest stage while it stands, also after giving back failed', () => {
    const named: Script = ({ kind, atom }) =>
      kind === 'apply' ? { output: { name: 'box 7' } } : failing('revert m.configure')({ kind, atom } as never);
    const test = run('leased', named);
    expect(heldResources(test.run)).toMatchObject([
      { atom: 'm', type: 'leased', label: 'box 7', stage: 'acquire', stages: [...stageNames] },
    ]);
    const plan = planRollback(test.run, { kind: 'job' });
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
    expect(test.run.state).toBe('REVERT_FAILED');
    expect(heldResources(test.run)).toMatchObject([{ atom: 'm', stage: 'configure' }]);
  });

  it('I5: killed after any turn and resumed, it ends as the unkilled run', () => {
    for (const script of [failing(), failing('apply m.acquire'), failing('apply z')]) {
      for (const type of ['leased', 'rented']) {
        const straight = run(type, script);
        for (let kill = 0; kill < 12; kill += 1) {
          const test = new TestRun({
            definition: flow(linear('f', [task('a'), task('m', { type }), task('z')])),
            catalog: fakeCatalog,
            script,
          }).claim();
          for (let turn = 0; turn < kill && test.pending.length > 0; turn += 1) test.answerNext();
          test.crash();
          if (test.run.job === 'CLAIMED') test.claim();
          test.finish();
          expect(test.states).toEqual(straight.states);
        }
      }
    }
  });
});

describe('defineResource', () => {
  const base = { type: 'x', version: 1, title: 'x', summary: 'x', icon: 'box', group: 'Test', input: z.object({}), repeatable: true };
  const output = z.object({ id: z.string(), size: z.number() });
  const effects = { kind: 'reversible', undo: 'gone' } as const;
  const gone = async () => {};

  it.each([
    ['has no stage', {}],
    ['has reserve and no unreserve', { reserve: async () => ({}) }],
    ['has acquire and no release', { reserve: async () => ({}), unreserve: gone, acquire: async () => ({}) }],
  ])('refuses one that %s', (words, stages) => {
    expect(() => defineResource({ ...base, output, effects, ...stages })).toThrow(words);
    expect(() => defineResource({ ...base, output, effects, ...stages })).toThrow(expect.objectContaining({ code: 'DEFINITION_INVALID' }));
  });

  it('needs no undo if it says that it cannot be undone', () => {
    const bought = { kind: 'irreversible', reason: 'it is bought' } as const;
    expect(defineResource({ ...base, output, effects: bought, reserve: async () => ({}) }).stages).toEqual(['reserve']);
    const perhaps = { cases: [{ when: { field: 'rent', present: true }, effects }], otherwise: bought } as const;
    expect(() => defineResource({ ...base, output, effects: perhaps, reserve: async () => ({}) })).toThrow('has reserve and no unreserve');
  });

  it('S4: the output of each stage must fit, and after the last stage the whole output must fit', async () => {
    const parts: Record<string, object> = { reserve: { id: 'r1' }, acquire: { size: 2 } };
    const type = defineResource({
      ...{ ...base, output, effects, unreserve: gone, release: gone },
      reserve: async () => parts['reserve'] ?? {},
      acquire: async () => parts['acquire'] ?? {},
    });
    const call = (stage: string, prior: object) => type.apply({}, { stage, prior } as never);
    expect(type.stages).toEqual(['reserve', 'acquire']);
    expect(await call('reserve', {})).toEqual({ id: 'r1' });
    expect(await call('acquire', { id: 'r1' })).toEqual({ size: 2 });
    await expect(call('acquire', {})).rejects.toThrow(/The output of acquire is not valid at "id"/);
    parts['reserve'] = { id: 7 };
    await expect(call('reserve', {})).rejects.toThrow(/The output of reserve is not valid at "id"/);
  });
});
