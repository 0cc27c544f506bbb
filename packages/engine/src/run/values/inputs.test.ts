// The input of an apply: parameters, then bindings, then the edits of a person; checked before it is recorded (S1, S4).
import { describe, expect, it } from 'vitest';
import type { FlowDefinition } from '../../definition/schema.ts';
import type { Json } from '../../json.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { atomIndex } from '../graph/index-spaces.ts';

const inputs = { type: 'object', properties: { text: {} } } as const;
const bound = (type: string, more: Partial<FlowDefinition> = {}) =>
  flow(linear('f', [task('a', { type, parameters: { size: 1 }, bindings: { text: { from: 'input', name: 'text' } } })]), {
    inputs,
    ...more,
  });
const start = (definition: FlowDefinition, text: Json) => new TestRun({ definition, catalog: fakeCatalog, inputs: { text } });

it('R10: an edit by a person replaces a parameter and a binding', () => {
  const definition = bound('step', { onFailure: 'hold' });
  const script = ({ kind, attempt }: { kind: string; attempt: number }) =>
    kind === 'apply' && attempt === 1 ? { fail: 'BROKEN' } : undefined;
  const test = new TestRun({ definition, catalog: fakeCatalog, inputs: { text: 'bound' }, script }).go();
  expect(test.run.atoms[atomIndex(0)]?.input).toEqual({ size: 1, text: 'bound' });
  test.act({ kind: 'RETRY_FAILED', reason: 'mended', parameters: { a: { text: 'edited', size: 2 } } }).finish();
  expect([test.run.state, test.run.atoms[atomIndex(0)]?.input]).toEqual(['SUCCESS', { size: 2, text: 'edited' }]);
});

describe('an input that cannot be taken fails its atom before anything is called, and is not recorded', () => {
  it.each<[string, string, Json, string]>([
    ['S4: of more than 1 MiB', 'step', 'x'.repeat(1_200_000), 'PAYLOAD_TOO_LARGE'],
    ['S4: of another kind than its type takes', 'needs_text', 5, 'INPUT_INVALID'],
  ])('%s', (_, type, text, code) => {
    const test = start(bound(type), text).go();
    expect([test.run.state, test.calls, test.run.forward]).toMatchObject(['REVERTED', [], { kind: 'failed', failure: { code } }]);
    expect(test.run.atoms[atomIndex(0)]?.input).toEqual({});
  });
});
