import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../task/define-task.ts';
import { TaskError } from '../failure/failure.ts';
import type { JsonObject } from '../json.ts';
import { inProcessRunner } from './in-process-runner.ts';
import type { RevertProbeAnswer } from '../task/task.ts';
import { callOf } from '../testing/call.ts';
import type { TaskCall } from './task-runner.ts';

function runnerFor(
  apply: (input: { url?: string | undefined }, log: (line: string) => void) => unknown,
  secrets: { [name: string]: string } = {},
) {
  const lines: string[] = [];
  const type = defineTask({
    type: 't',
    version: 1,
    title: 't',
    summary: 't',
    icon: 'box',
    group: 't',
    input: z.object({ url: z.string().optional() }),
    output: z.looseObject({}),
    effects: { kind: 'none' },
    repeatable: true,
    apply: async (input, { log }) => apply(input, log) as JsonObject,
  });
  const runner = inProcessRunner({
    catalog: catalogOf([type]),
    world: {},
    secrets: { resolve: async (name) => secrets[name] },
    log: ({ text }) => lines.push(text),
  });
  return {
    lines,
    run: (more: Partial<TaskCall> = {}, signal = new AbortController().signal) => runner.run(callOf(more), { signal }),
  };
}

class Unshowable {
  toString(): string {
    throw new Error('no words');
  }
}

describe('running tasks in this process', () => {
  it('S4: secrets are filled in at apply, and masked in outputs, failures and log lines', async () => {
    const { run, lines } = runnerFor(
      ({ url }, log) => {
        log(`asking ${url}`);
        if (url?.includes('fail')) throw new TaskError('NO', `not with ${url}`, { data: { url } });
        return { used: url, nested: [url] };
      },
      { key: 'hunter2' },
    );
    const secrets = { url: ['key'] };
    expect(await run({ input: { url: 'x?k={{secret key}}' }, secrets })).toEqual({
      kind: 'done',
      output: { used: 'x?k=•••key•••', nested: ['x?k=•••key•••'] },
      logged: 1,
    });
    expect(JSON.stringify(await run({ input: { url: 'fail {{secret key}}' }, secrets }))).not.toContain('hunter2');
    expect(lines).toEqual(['asking x?k=•••key•••', 'asking fail •••key•••']);
  });

  it("S4: text that looks like a secret's placeholder stays text", async () => {
    const { run } = runnerFor(({ url }) => ({ url }), { key: 'hunter2' });
    expect(await run({ input: { url: '{{secret key}}' } })).toEqual({ kind: 'done', output: { url: '{{secret key}}' } });
  });

  it('an absent secret is a failure that names it', async () => {
    const { run } = runnerFor(() => ({}));
    expect(await run({ input: { url: '{{secret key}}' }, secrets: { url: ['key'] } })).toMatchObject({
      kind: 'failed',
      failure: { code: 'SECRET_ABSENT', nothingDone: true },
    });
  });

  it.each([
    ['a string', () => Promise.reject('no'), 'TASK_THREW'],
    ['undefined', () => Promise.reject(undefined), 'TASK_THREW'],
    ['an object that cannot be shown', () => Promise.reject(new Unshowable()), 'TASK_THREW'],
    ['an error with causes', () => Promise.reject(new Error('a', { cause: new Error('b') })), 'TASK_THREW'],
  ])('S3: a task that throws %s is a failure', async (_, apply, code) => {
    expect(await runnerFor(apply).run()).toMatchObject({ kind: 'failed', failure: { code } });
  });

  it.each([
    ['a bigint', () => ({ n: 1n })],
    ['a function', () => () => 1],
  ])('S4: an answer that is %s is a failure', async (_, apply) => {
    expect(await runnerFor(apply).run()).toMatchObject({ kind: 'failed', failure: { code: 'OUTPUT_INVALID' } });
  });

  it('R5: only a TaskError can record that nothing was done', async () => {
    const failing = (thrown: unknown) => runnerFor(() => Promise.reject(thrown)).run();
    expect(await failing(new TaskError('NO', 'no', { nothingDone: true }))).toMatchObject({ failure: { code: 'NO', nothingDone: true } });
    for (const thrown of [new TaskError('NO', 'no'), Object.assign(new Error('no'), { nothingDone: true })]) {
      expect(JSON.stringify(await failing(thrown))).not.toContain('nothingDone');
    }
    expect(await runnerFor(() => ({})).run({ input: { url: 7 } })).toMatchObject({
      failure: { code: 'INPUT_INVALID', nothingDone: true },
    });
  });

  it('A4: a probe of a revert answers undone, not undone, or unknown with a reason', async () => {
    const asked = (answer: RevertProbeAnswer | undefined, byApply = false) => {
      const type = defineTask({
        ...{ type: 't', version: 1, title: 't', summary: 't', icon: 'box', group: 't', input: z.object({}), output: z.object({}) },
        ...{ effects: { kind: 'none' }, repeatable: true, apply: async () => ({}) },
        ...(answer === undefined ? {} : { probeRevert: async () => answer, probe: async () => ({ happened: 'yes', output: {} }) as const }),
      });
      const runner = inProcessRunner({
        ...{ catalog: catalogOf([type]), world: {}, secrets: { resolve: async () => undefined }, log: () => {} },
      });
      return runner.run(callOf({ kind: 'probeRevert', byApply }), new AbortController());
    };
    expect(await asked({ undone: 'yes' })).toEqual({ kind: 'done', output: null });
    expect(await asked({ undone: 'no' })).toEqual({ kind: 'absent' });
    expect(await asked({ undone: 'unknown', because: 'it is dark' })).toEqual({ kind: 'unknown', because: 'it is dark' });
    expect(await asked(undefined)).toEqual({ kind: 'unknown', because: 'the task type cannot tell' });
    // A container's own revert is an apply, so the probe of that apply is called.
    expect(await asked({ undone: 'no' }, true)).toEqual({ kind: 'done', output: null });
  });

  it('an unknown type and an abort are failures with their own codes', async () => {
    expect(await runnerFor(() => ({})).run({ type: 'nope' })).toMatchObject({ failure: { code: 'TASK_TYPE_ABSENT', nothingDone: true } });
    expect(await runnerFor(() => Promise.reject(new Error('stopped'))).run({}, AbortSignal.abort())).toMatchObject({
      failure: { code: 'ABORTED' },
    });
  });
});
