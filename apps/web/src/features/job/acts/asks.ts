// The questions before each act, in words. Buttons say their effect.
import { objectOf } from '../../../lib/object-of.ts';
import type { AtomSnapshot } from '@windlass/engine/run';
import type { Ask, TaskInput } from './ask.ts';
import type { DoubtChoice } from './doubt-words.ts';
import type { JobActs } from './job-acts.ts';
import type { OutputTemplate } from './output-template.ts';

const HOLD = { value: 'hold', label: 'Hold: leave what ran as it stands', button: 'Cancel and hold' };
const REVERT = { value: 'revert', label: 'Roll back everything that ran', button: 'Cancel and roll back' };

export function cancelAsk(acts: JobActs, then: 'revert' | 'hold'): Ask {
  return {
    title: 'Cancel this job',
    description: 'Running tasks are stopped. Then the job rolls back everything that ran, or holds until you decide.',
    button: then === 'revert' ? 'Cancel and roll back' : 'Cancel and hold',
    look: 'danger',
    reason: 'optional',
    choice: {
      label: 'What then?',
      // The first option is chosen until the person chooses another.
      options: then === 'revert' ? [REVERT, HOLD] : [HOLD, REVERT],
    },
    send: ({ reason, choice }) => acts.cancel(choice === 'revert' ? 'revert' : 'hold', reason),
  };
}

export function applyAgainAsk(acts: JobActs, { from, inputs }: { readonly from: string; readonly inputs: readonly TaskInput[] }): Ask {
  return {
    title: `Apply again from ${from}`,
    description:
      'The flow goes forward again. Reverted tasks are applied again with their inputs. Tasks that still stand are not applied twice.',
    button: 'Apply again',
    look: 'primary',
    reason: 'optional',
    inputs,
    send: ({ reason, parameters }) => acts.applyAgain(reason, parameters),
  };
}

export function retryFailedAsk(acts: JobActs, { name, inputs }: { readonly name: string; readonly inputs: readonly TaskInput[] }): Ask {
  return {
    title: `Retry from “${name}”`,
    description: 'The failed attempt is undone first. Then the task is applied again, and the flow goes on from there.',
    button: `Retry from “${name}”`,
    look: 'primary',
    reason: 'optional',
    inputs,
    send: ({ reason, parameters }) => acts.retryFailed(reason, parameters),
  };
}

export function skipAsk(acts: JobActs, atom: string, { name, outputs }: { readonly name: string; readonly outputs: OutputTemplate }): Ask {
  return {
    title: `Skip “${name}”`,
    description: 'The flow goes on without this task. Tasks that use its outputs get the outputs that you give here.',
    button: `Skip “${name}”`,
    look: 'danger',
    reason: 'needed',
    value: { label: 'Outputs in its place', ...outputs, shape: 'object' },
    send: ({ reason, value }) => acts.skipFailed(atom, reason, objectOf(value)),
  };
}

export function retryRevertAsk(
  acts: JobActs,
  { atom, output, outputAt }: Pick<AtomSnapshot, 'atom' | 'output' | 'outputAt'>,
  name: string,
): Ask {
  return {
    title: `Try to revert “${name}” again`,
    description: 'Its revert is called again with the saved output. Edit the output below if it no longer fits.',
    button: `Revert “${name}” again`,
    look: 'revert',
    reason: 'optional',
    value: {
      label: 'Saved output that the revert gets',
      hint: 'Without an edit, the revert gets the saved output as it is.',
      initial: output,
      isRecorded: true,
      at: outputAt,
      shape: 'any',
    },
    send: ({ reason, value }) => acts.retryRevert(atom, reason, value),
  };
}

export function markRevertedAsk(acts: JobActs, atom: string, name: string): Ask {
  return {
    title: `Mark “${name}” as reverted`,
    description: 'Do this only after you have undone the task by hand. No revert is called, and the rollback goes on.',
    button: `Mark “${name}” as reverted`,
    look: 'revert',
    reason: 'needed',
    send: ({ reason }) => acts.markReverted(atom, reason),
  };
}

export function keepAsk(acts: JobActs, atom: string, name: string): Ask {
  return {
    title: `Keep “${name}”`,
    description: 'The effect of the task is kept, and the rollback goes on without it.',
    button: `Keep “${name}”`,
    look: 'danger',
    reason: 'needed',
    send: ({ reason }) => acts.keep(atom, reason),
  };
}

export function doubtAsk(
  acts: JobActs,
  atom: string,
  { name, choice, outputs }: { readonly name: string; readonly choice: DoubtChoice; readonly outputs: OutputTemplate },
): Ask {
  const { answer: kind, button, does, givesOutputs } = choice;
  return {
    title: `${button}: “${name}”`,
    description: does,
    button,
    look: kind === 'failed' ? 'danger' : 'primary',
    reason: 'needed',
    ...(givesOutputs ? { value: { label: 'Its outputs', ...outputs, shape: 'object' as const } } : {}),
    send: ({ reason, value }) => acts.settleDoubt(atom, reason, kind === 'happened' ? { kind, output: objectOf(value) } : { kind }),
  };
}

export function tryAgainAsk(acts: JobActs): Ask {
  return {
    title: 'Try this job again',
    description: 'The job is carried out again at once, from the end of its logbook.',
    button: 'Try again',
    look: 'primary',
    reason: 'optional',
    send: ({ reason }) => acts.tryAgain(reason),
  };
}

export function approvalAsk(acts: JobActs, atom: string, { name, approved }: { name: string; approved: boolean }): Ask {
  return {
    title: approved ? `Approve “${name}”` : `Reject “${name}”`,
    description: approved ? 'The job goes on from there.' : 'The task fails, and the flow handles the failure as usual.',
    button: approved ? 'Approve' : 'Reject',
    look: approved ? 'primary' : 'danger',
    reason: approved ? 'optional' : 'needed',
    send: ({ reason }) => acts.answerApproval(atom, approved, reason),
  };
}
