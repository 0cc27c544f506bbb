import { defineTask } from '@windlass/engine/task';
import { z } from 'zod';
import { notApplied } from './not-applied.ts';

export const approval = defineTask({
  type: 'approval',
  version: 1,
  title: 'Approval',
  summary: 'Waits until a person approves; a rejection is a failure.',
  icon: 'user-check',
  group: 'Control',
  input: z.object({
    question: z.string().min(1).max(2_000).meta({ title: 'Question', description: 'What the person is asked.' }),
    by: z.array(z.string()).default([]).meta({ title: 'By', description: 'Names of the people who may answer. Empty: any person.' }),
    withinMs: z.int().min(1_000).optional().meta({ title: 'Within (ms)', description: 'Without it the job waits without end.' }),
    otherwise: z
      .enum(['fail', 'approve'])
      .default('fail')
      .meta({ title: 'If no person answers', description: 'What happens when the time is over.' }),
  }),
  output: z.object({
    approved: z.literal(true).meta({ title: 'Approved', description: 'Always true: a rejection is a failure.' }),
    by: z.string().nullable().meta({ title: 'By', description: 'Name of the person who approved; null when the time was over.' }),
    comment: z.string().meta({ title: 'Comment', description: 'What the person wrote.' }),
  }),
  effects: { kind: 'none' },
  repeatable: true,
  waits({ question, by, withinMs, otherwise }, now) {
    return { on: 'approval', question, by, until: withinMs === undefined ? null : now + withinMs, then: otherwise };
  },
  apply: notApplied,
});
