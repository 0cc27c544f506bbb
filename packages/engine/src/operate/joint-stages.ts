// The order in which several jobs are rolled back: a job that used another job's outputs, or was launched by it, goes first.

/** One job of a joint rollback. */
export interface JointJob {
  readonly job: string;
  /** The job that launched this one. */
  readonly parent: string | null;
  /** Jobs that used outputs that this job's rollback undoes. */
  readonly users: readonly string[];
}

/** The stages: jobs of one stage go together, after the stage before. Jobs that use each other go together in the last stage. */
export function stagesOf(jobs: readonly JointJob[]): string[][] {
  const chosen = new Set(jobs.map(({ job }) => job));
  const waitsFor = new Map(
    jobs.map(({ job, users }) => {
      const children = jobs.filter(({ parent }) => parent === job).map((child) => child.job);
      return [job, new Set([...users, ...children].filter((one) => chosen.has(one) && one !== job))] as const;
    }),
  );
  const stages: string[][] = [];
  let left = jobs.map(({ job }) => job);
  const done = new Set<string>();
  while (left.length > 0) {
    const ready = left.filter((job) => [...(waitsFor.get(job) ?? [])].every((one) => done.has(one)));
    const stage = ready.length > 0 ? ready : left;
    stages.push(stage);
    for (const job of stage) done.add(job);
    left = left.filter((job) => !done.has(job));
  }
  return stages;
}
