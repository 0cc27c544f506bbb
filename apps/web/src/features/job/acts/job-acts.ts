// The acts of people on this job, as calls of the API.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '@windlass/api';
import type { Json, JsonObject } from '@windlass/engine/definition';
import type { Drift, RollbackChoice } from '@windlass/engine/run';

/** Inputs that a person edits, by address. */
type Edits = { readonly [atom: string]: JsonObject };

export type JobActs = ReturnType<typeof jobActs>;

export function jobActs(client: TRPCClient<AppRouter>, job: string) {
  const { jobs, rollback } = client;
  return {
    pause: (reason = '') => jobs.suspend.mutate({ job, reason }),
    resume: (reason = '') => jobs.resume.mutate({ job, reason }),
    cancel: (then: 'revert' | 'hold', reason: string) => jobs.cancel.mutate({ job, then, reason }),
    applyAgain: (reason: string, parameters: Edits) => jobs.applyAgain.mutate({ job, reason, parameters }),
    retryFailed: (reason: string, parameters: Edits) => jobs.retryFailed.mutate({ job, reason, parameters }),
    skipFailed: (atom: string, reason: string, output: JsonObject) => jobs.skipFailed.mutate({ job, atom, reason, output }),
    retryRevert: (atom: string, reason: string, output?: Json) =>
      jobs.retryRevert.mutate({ job, atom, reason, ...(output === undefined ? {} : { output }) }),
    markReverted: (atom: string, reason: string) => jobs.markReverted.mutate({ job, atom, reason }),
    keep: (atom: string, reason: string) => jobs.keep.mutate({ job, atom, reason }),
    settleDoubt: (
      atom: string,
      reason: string,
      answer: { kind: 'happened'; output: JsonObject } | { kind: 'repeat' } | { kind: 'failed' },
    ) => jobs.settleDoubt.mutate({ job, atom, reason, answer }),
    answerApproval: (atom: string, approved: boolean, reason: string) => jobs.answerApproval.mutate({ job, atom, approved, reason }),
    tryAgain: (reason: string) => jobs.tryAgain.mutate({ job, reason }),
    signal: (name: string, data: Json, reason: string) => jobs.signal.mutate({ job, name, data, reason }),
    plan: (choice: RollbackChoice) => rollback.plan.query({ job, choice }),
    /** In one request, because there can be many atoms. */
    expected: (atoms: readonly string[]) => rollback.expected.query({ job, atoms: [...atoms] }),
    usedBy: (choice: RollbackChoice) => rollback.usedBy.query({ job, choice }),
    drift: (choice: RollbackChoice) => rollback.drift.query({ job, choice }),
    confirm: (confirmed: { choice: RollbackChoice; hash: string; drift: Drift[]; outputs: Edits; reason: string }) =>
      rollback.confirm.mutate({ job, ...confirmed }),
  };
}
