// Faults planted in the agenda, in limits and in signals. Each `from` stands once in its file.
import { RUN, slow, tests } from './core-tests.mjs';

const mutants = [
  {
    name: 'time: a job that the board offers as due waits for the clock of the conductor',
    file: `${RUN}/decide.ts`,
    from: `event.isDue === true ? (wakeAt ?? 0) : 0`,
    to: `0`,
  },
  {
    name: 'time: a run succeeds while an item still waits',
    file: `${RUN}/decide/advance.ts`,
    from: `run.busy > 0 || run.waiting > 0 ||`,
    to: `run.busy > 0 ||`,
  },
  {
    name: 'time: a pause ends a run whose condition has not been evaluated',
    file: `${RUN}/decide/advance.ts`,
    from: ` && progress.controls.first(begins) === undefined;`,
    to: `;`,
  },
  {
    name: 'time: a pause ends a run while a retry undoes a container',
    file: `${RUN}/decide/advance.ts`,
    from: ` || run.sleeping > 0 || (undo?.scopes.size ?? 0) > 0) return false;`,
    to: `) return false;`,
  },
  {
    name: 'clock: a jump has fractions',
    tests: ['packages/engine/src/conductor/steady-time.test.ts'],
    file: 'packages/engine/src/conductor/steady-time.ts',
    from: `const ahead = Math.floor(clock - expected);`,
    to: `const ahead = clock - expected;`,
  },
  {
    name: 'waits: waits that are not due are not woken after a claim',
    file: `${RUN}/state/agenda.ts`,
    from: `  RUNNING: ['limit', 'backoff', 'wait', 'wall'],`,
    to: `  RUNNING: ['limit', 'backoff', 'wall'],`,
  },
  {
    name: 'waits: a revert in its back-off is called in a paused run',
    file: `${RUN}/state/agenda.ts`,
    from: `  SUSPENDED: [],`,
    to: `  SUSPENDED: ['backoff'],`,
  },
  {
    name: 'waits: a wait ends in a held run',
    file: `${RUN}/state/agenda.ts`,
    from: `  FAILURE: [],`,
    to: `  FAILURE: ['wait'],`,
  },
  {
    name: 'waits: no revert is tried again in a rollback',
    file: `${RUN}/state/agenda.ts`,
    from: `  REVERTING: ['limit', 'backoff'],`,
    to: `  REVERTING: ['limit'],`,
  },
  {
    name: 'waits: no limit holds while a run is being paused',
    file: `${RUN}/state/agenda.ts`,
    from: `  SUSPENDING: ['limit'],`,
    to: `  SUSPENDING: [],`,
  },
  {
    name: 'waits: after a takeover a limit counts from the first call',
    file: `${RUN}/state/agenda.ts`,
    from: `  const since = Math.max(calledAt, run.claimedAt);`,
    to: `  const since = calledAt;`,
  },
  {
    name: 'waits: a call that never ends is never in doubt',
    file: `${RUN}/state/agenda.ts`,
    from: `  if (stopping === 0 || inDoubt !== null) return null;\n  const since`,
    to: `  if (stopping >= 0 || inDoubt !== null) return null;\n  const since`,
  },
  {
    name: 'waits: the deadline holds in a rollback too',
    file: `${RUN}/state/agenda.ts`,
    from: `runningSince === null || state !== 'RUNNING') return null;`,
    to: `runningSince === null) return null;`,
  },
  {
    name: 'clock: the time of a run goes back with the clock',
    tests: ['packages/engine/src/conductor/set-clock.test.ts'],
    file: 'packages/engine/src/conductor/steady-time.ts',
    from: `Math.max(clock, this.#anchor + passed * SLOWED)`,
    to: `clock`,
  },
  {
    name: 'clock: a clock that is set forward shortens a limit',
    tests: ['packages/engine/src/conductor/set-clock.test.ts'],
    file: `${RUN}/state/agenda.ts`,
    from: `  return since + limit + setForwardSince(run, since);`,
    to: `  return since + limit;`,
  },
  {
    name: 'clock: a clock that is set forward shortens a delay',
    tests: ['packages/engine/src/conductor/set-clock.test.ts'],
    file: `${RUN}/state/agenda.ts`,
    from: `return at + setForwardSince(run, waitsSince);`,
    to: `return at;`,
  },
  {
    name: 'clock: a time that a person gave is not compared with the wall clock',
    tests: ['packages/engine/src/conductor/set-clock.test.ts'],
    file: `${RUN}/state/agenda.ts`,
    from: `  return name === 'wall' ? at + ahead : at;`,
    to: `  return at;`,
  },
  {
    name: 'waits: the answer of a wait is not checked',
    file: `${RUN}/decide/end-wait.ts`,
    from: `checkOutput(outputSchemaOf(turn.run.flow.atoms[index]), output)`,
    to: `checkOutput(null, output)`,
  },
  {
    name: 'waits: the latest time comes first',
    file: `${RUN}/state/agenda.ts`,
    from: `  return a.at < b.at || (a.at === b.at && a.atom < b.atom);`,
    to: `  return a.at > b.at || (a.at === b.at && a.atom < b.atom);`,
  },
  {
    name: 'waits: a limit that a takeover has moved is lost',
    file: `${RUN}/state/agenda.ts`,
    from: `    if (at !== null && at > hint.at) push(heap, { at, atom: hint.atom });\n`,
    to: '',
  },
  {
    name: 'waits: a parked job has no wake',
    file: `${RUN}/decide/park.ts`,
    from: `...(due === null ? {} : { until: due }) };`,
    to: `};`,
  },
  {
    name: 'waits: paused time does not count for the deadline',
    file: `${RUN}/state/fold/fold.ts`,
    from: `      if (before !== 'SUSPENDED' && before !== 'SUSPENDING') run.runningSince = entry.time;`,
    to: `      run.runningSince = entry.time;`,
  },
  {
    name: 'waits: the deadline of a new pass counts from the first one',
    file: `${RUN}/state/fold/fold.ts`,
    from: `'SUSPENDING') run.runningSince = entry.time;`,
    to: `'SUSPENDING') run.runningSince ??= entry.time;`,
  },
  {
    name: 'waits: a signal is not consumed',
    file: `${RUN}/state/fold/fold.ts`,
    from: `  if (data?.signal !== undefined) takeSignal(run, data.signal);\n`,
    to: '',
  },
  {
    name: 'waits: the newest signal is taken first',
    file: `${RUN}/state/signals.ts`,
    from: `  return run.signals.find((signal) => signal.name === name);`,
    to: `  return run.signals.findLast((signal) => signal.name === name);`,
  },
  {
    name: 'waits: signals that came during a rollback are not taken when the run goes on',
    file: `${RUN}/decide/waits.ts`,
    from: `  if (run.state === 'RUNNING') takeSignals(turn);\n`,
    to: '',
  },
  {
    name: 'waits: the end of a job that was waited for is not looked at after a claim',
    file: `${RUN}/decide/waits.ts`,
    from: `takeSignals(turn);\n  askAgain(turn);\n`,
    to: `takeSignals(turn);\n`,
  },
];

export const time = mutants.map((mutant) => ({ tests, slow, ...mutant }));
