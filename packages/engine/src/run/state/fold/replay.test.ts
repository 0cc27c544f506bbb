// L1, I4, I5, I8: each flow is run straight, replayed, killed after each turn and resumed, and rolled back.
import { describe } from 'vitest';
import { flow, graph, linear, task, unordered } from '../../../testing/flows.ts';
import { checkRun, runOf } from '../../../testing/run-checks.ts';
import type { Script } from '../../../testing/run-in-memory.ts';
import type { FlowDefinition } from '../../../definition/schema.ts';

const fail =
  (...wanted: string[]): Script =>
  ({ kind, atom }) =>
    wanted.includes(`${kind} ${atom}`) ? { fail: 'BROKEN' } : undefined;

const nested = () =>
  flow(
    linear('f', [
      task('start'),
      graph('g', [task('a'), unordered('u', [task('u1'), task('u2'), task('u3')], 2), task('z')], ['a>u', 'u>z']),
      task('end'),
    ]),
  );

const cases: Record<string, { definition: FlowDefinition; script?: Script }> = {
  'a success': { definition: nested() },
  'a failure in the middle': { definition: nested(), script: fail('apply u2') },
  'a failure at the end': { definition: nested(), script: fail('apply end') },
  'a revert that fails': { definition: nested(), script: fail('apply end', 'revert a') },
  'something irreversible': { definition: flow(linear('f', [task('a'), task('m', { type: 'send' }), task('c')])), script: fail('apply c') },
  'a hold': { definition: { ...nested(), onFailure: 'hold' }, script: fail('apply z') },
};

describe.each(Object.entries(cases))('%s', (_, flow) => checkRun(flow, runOf(flow).go()));
