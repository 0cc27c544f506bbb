// Every flow of the guide to design is valid, runs to SUCCESS, and is wholly undone or says what it kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type TaskDescriptor, validateDefinition } from '../packages/engine/src/exports/definition.ts';
import { planRollback } from '../packages/engine/src/exports/run.ts';
import { catalogOf, describeTask } from '../packages/engine/src/exports/task.ts';
import { targeted } from '../packages/engine/src/definition/targeted.ts';
import { TestRun, fakeCatalog } from '../packages/engine/src/testing/index.ts';
import { taskTypes } from '../packages/tasks/src/index.ts';

const text = readFileSync(join(import.meta.dirname, 'guide', 'design-a-flow.md'), 'utf8');
const roots = [...text.matchAll(/^```json\n(.*?)^```$/gms)].map(([, body = '']) => JSON.parse(body) as { name: string });

/** The types of the flows: those of tests, which do nothing, and of the real ones those that wait and that launch. */
const waiting = taskTypes.filter(({ type }) => ['delay', 'approval', 'signal', 'flow.launch'].includes(type));
const catalog = catalogOf([...fakeCatalog.list(), ...waiting] as never) as typeof fakeCatalog;
const find = (type: string, version: number): TaskDescriptor | undefined => {
  const found = catalog.find(type, version);
  if (found === undefined) return undefined;
  const described = describeTask(found);
  return fakeCatalog.find(type, version) === undefined
    ? described
    : { ...described, output: { type: 'object', additionalProperties: true } };
};
const definitionOf = (root: { name: string }) => validateDefinition({ schemaVersion: 1, name: root.name, root }, find);

/** `flow_hosts` is the flow of the block named Hosts. */
function subflow(flow: string): FlowDefinition | undefined {
  const root = roots.find(({ name }) => `flow_${name.toLowerCase()}` === flow);
  return root && (definitionOf(root).definition ?? undefined);
}

function run(definition: FlowDefinition): TestRun {
  const launched = { job: 'job_launched', outputs: {} };
  const script = ({ kind, atom }: { kind: string; atom: string }) => {
    if (kind !== 'apply') return undefined;
    // In the flow about links on failure, the way to the first region fails.
    if (atom === 'switch_first') return { fail: 'BROKEN' };
    return atom === 'tenant' ? { output: launched } : undefined;
  };
  const test = new TestRun({ definition, catalog, subflow, script }).claim();
  for (let turn = 0; turn < 1_000 && test.run.job !== 'COMPLETE'; turn += 1) {
    const asked = test.run.atoms.find(({ waiting: wait }) => wait?.on === 'approval' || wait?.on === 'signal');
    // Each approval is given, and each signal comes, before its time is over.
    if (asked?.waiting?.on === 'approval') test.act({ kind: 'ANSWER_APPROVAL', reason: '', atom: asked.atom, approved: true });
    else if (asked?.waiting?.on === 'signal') test.act({ kind: 'SIGNAL', reason: '', name: asked.waiting.name, data: 'all set' });
    else if (test.pending.length > 0) test.answerNext();
    else test.wake();
  }
  return test;
}

it('has a flow for each construct', () => {
  const all = JSON.stringify(roots);
  const patterns = ['linear', 'unordered', 'graph', 'for_each', 'loop'].map((pattern) => `"pattern":"${pattern}"`);
  const others = [
    '"decider"',
    '"join":"any"',
    '"join":"live"',
    '"again":{',
    '"retry"',
    '"mode":"task"',
    '"mode":"none"',
    '"kind":"subflow"',
    '"from":"first"',
    '"onFailure":true',
  ];
  const types = ['delay', 'approval', 'signal', 'flow.launch', 'leased'].map((type) => `"type":"${type}"`);
  for (const construct of [...patterns, ...others, ...types]) expect(all).toContain(construct);
});

describe.each(roots.map((root) => [root.name, root] as const))('%s', (_, root) => {
  const { definition, problems } = definitionOf(root);

  it('is valid', () => expect(problems).toEqual([]));

  it('runs, and its rollback does what its plan says', () => {
    if (definition === null) throw new Error('It is not a flow.');
    const test = run(definition);
    expect(test.run.state).toBe('SUCCESS');
    const plan = planRollback(test.run, { kind: 'job' });
    const before = test.calls.length;
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
    const planned = plan.waves.flat().filter(({ action }) => action === 'revert');
    expect(test.calls.slice(before).sort()).toEqual(planned.map(({ atom }) => `revert ${atom}`).sort());
    expect(test.run.state).toBe(plan.kept === 0 ? 'REVERTED' : 'PARTIALLY_REVERTED');
  });
});

it('P10: for one item alone it runs that and what it needs', () => {
  const [provision] = roots;
  const { definition } = definitionOf(provision ?? { name: '' });
  if (definition === null) throw new Error('It is not a flow.');
  expect(run(targeted(definition, 'disk')).calls).toEqual(['apply reserve', 'apply disk']);
});
