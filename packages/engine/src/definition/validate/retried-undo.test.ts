// R3, R5: an author is warned of a retry that cannot undo its failed attempt.
import { expect, it } from 'vitest';
import { describeTask } from '../../task/define-task.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import type { TaskDescriptor } from '../../task/task.ts';
import { type FlowDefinition, retrySchema } from '../schema.ts';
import { problemsOf } from './validate.ts';

const found = fakeCatalog.find('step', 1);
if (found === undefined) throw new Error('There is no type "step".');
const step: TaskDescriptor = {
  ...describeTask(found),
  undoNeedsOutput: { field: 'undo', mentions: '{output.', unless: 'notDone', advice: 'Say what did nothing.' },
};
const problems = (definition: FlowDefinition) =>
  problemsOf(definition, () => step).map(({ item, code, severity }) => [item, code, severity]);
const times = (attempts: number) => retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts } });
const uses = { parameters: { undo: { url: 'https://a/{output.body.id}' } } };
const WARNING = [['a', 'RETRY_STOPS', 'warning']];

it('warns where a task is retried, by itself or with a container around it, and its undo uses its output', () => {
  expect(problems(flow(linear('f', [{ ...task('a', uses), retry: times(3) }])))).toEqual(WARNING);
  expect(problems(flow({ ...linear('f', [linear('g', [task('a', uses)])]), retry: times(3) }))).toEqual(WARNING);
  const [problem] = problemsOf(flow(linear('f', [{ ...task('a', uses), retry: times(3) }])), () => step);
  expect(problem?.message).toBe(
    '"a" is tried again after a failure, but its undo uses its own output. If an attempt fails after it may have taken effect, nothing can undo it: then the retry stops and asks a person. Say what did nothing.',
  );
});

it.each([
  ['the task is not retried', flow(linear('f', [task('a', uses)]))],
  ['the retry has one attempt', flow(linear('f', [{ ...task('a', uses), retry: times(1) }]))],
  [
    'the undo uses nothing of the output',
    flow(linear('f', [{ ...task('a', { parameters: { undo: { url: 'https://a/1' } } }), retry: times(3) }])),
  ],
  [
    'the author lists the statuses that did nothing',
    flow(linear('f', [{ ...task('a', { parameters: { ...uses.parameters, notDone: [503] } }), retry: times(3) }])),
  ],
])('does not warn where %s', (_, definition) => {
  expect(problems(definition)).toEqual([]);
});
