import { flowDefinitionSchema } from '@windlass/engine/definition';
import { compileFlow, typesFromDescriptors } from '@windlass/engine/run';
import { expect, test } from 'vitest';
import { atomName, waitWords } from './names.ts';

const drawing = (items: object[]) =>
  flowDefinitionSchema.parse({ schemaVersion: 1, name: 'x', root: { kind: 'flow', id: 'root', name: 'root', pattern: 'linear', items } });
const types = typesFromDescriptors(() => undefined);
const attach = { kind: 'task', id: 'attach', name: 'Attach', type: 'message' };

test('P8: an atom inside a subflow is named after both', () => {
  const outer = drawing([{ kind: 'subflow', id: 'sub', name: 'Provision', flow: 'flow_x', version: 1 }]);
  const compiled = compileFlow(outer, types, () => drawing([attach]));
  expect(atomName(compiled, 'sub.attach')).toBe('Provision › Attach');
});

test('P7: an atom of a round names the round, and an unknown atom has no name', () => {
  const compiled = compileFlow(
    drawing([{ kind: 'flow', id: 'rounds', name: 'Rounds', pattern: 'loop', loop: { again: 'false', limit: 2 }, items: [attach] }]),
    types,
  );
  expect(atomName(compiled, 'rounds[0].attach')).toBe('Attach [0]');
  expect(atomName(compiled, 'rounds[0]')).not.toContain('[0]');
  expect(atomName(compiled, 'rounds[7].attach')).toBeNull();
});

test('a wait says for what and until when', () => {
  const at = new Date(2026, 1, 2, 14, 5).getTime();
  expect(waitWords({ on: 'timer', until: at }, at)).toBe('Waits until 14:05:00');
  expect(waitWords({ on: 'signal', until: null, name: 'deploy-done', then: 'fail' }, at)).toBe('Waits for signal deploy-done');
  expect(waitWords({ on: 'approval', until: null, by: [], then: 'fail', question: '?' }, at)).toBe('Waits for approval');
});
