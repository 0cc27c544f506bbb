// Every flow of the guide to design is valid, runs to SUCCESS, and is wholly undone or says what it kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TaskDescriptor, describeTask, planRollback, validateDefinition } from '../packages/engine/src/index.ts';
import { TestRun, fakeCatalog } from '../packages/engine/src/testing/index.ts';

const text = readFileSync(join(import.meta.dirname, 'guide', 'design-a-flow.md'), 'utf8');
const roots = [...text.matchAll(/^```json\n(.*?)^```$/gms)].map(([, body = '']) => JSON.parse(body) as { name: string });
const find = (type: string, version: number): TaskDescriptor | undefined => {
  const found = fakeCatalog.find(type, version);
  return found && { ...describeTask(found), output: { type: 'object', additionalProperties: true } };
};

it('has a flow for each construct', () => expect(roots.length).toBeGreaterThanOrEqual(7));

describe.each(roots.map((root) => [root.name, root] as const))('%s', (_, root) => {
  const { definition, problems } = validateDefinition({ schemaVersion: 1, name: root.name, root }, find);

  it('is valid', () => expect(problems).toEqual([]));

  it('runs, and its rollback does what its plan says', () => {
    if (definition === null) throw new Error('It is not a flow.');
    const test = new TestRun({ definition, catalog: fakeCatalog }).go();
    expect(test.run.state).toBe('SUCCESS');
    const plan = planRollback(test.run, { kind: 'job' });
    const before = test.calls.length;
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
    const planned = plan.waves.flat().filter(({ action }) => action === 'revert');
    expect(test.calls.slice(before).sort()).toEqual(planned.map(({ atom }) => `revert ${atom}`).sort());
    expect(test.run.state).toBe(plan.kept === 0 ? 'REVERTED' : 'PARTIALLY_REVERTED');
  });
});
