// A person reads the plan of a rollback before it runs, and exactly that plan runs: its hash confirms it. Afterwards
// the same sheet shows its progress, and at the end compares what was planned with what was done.
import { useNavigate } from '@tanstack/react-router';
import type { JsonObject } from '@windlass/engine/definition';
import type { Drift, RollbackChoice, RollbackPlan } from '@windlass/engine/run';
import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextArea, TextField } from '../../../ui/text-field.tsx';
import { cancelAsk } from '../acts/asks.ts';
import { ChooseTasks } from './choose-tasks.tsx';
import type { PastTimes } from './expected-time.ts';
import { isDeadLetter } from '@windlass/engine/run';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { type Boxes, unsettledOf } from './plan-boxes.ts';
import { DoubtsInPlan, useBlockingDoubts } from './doubts-in-plan.tsx';
import { PlanWaves } from './plan-waves.tsx';
import { confirmWords } from './planned-words.ts';
import { type JobUse, UsedBy } from './used-by.tsx';
import { RollbackProgress } from './rollback-progress.tsx';

export function RollbackSheet() {
  const choice = useView((state) => state.sheet);
  return choice === null ? null : <Sheet key={JSON.stringify(choice)} first={choice} />;
}

const TYPED = 'keep';
const NONE: ReadonlySet<string> = new Set();

function Sheet({ first }: { readonly first: RollbackChoice }) {
  const { acts, view, nameOf } = useJobPage();
  const [boxes, setBoxes] = useState<Boxes>({ choice: first, unticked: NONE });
  const { choice } = boxes;
  const [plan, setPlan] = useState<RollbackPlan | null>(null);
  /** Null while the effects of the plan are being checked. */
  const [drift, setDrift] = useState<Drift[] | null>(null);
  const [expected, setExpected] = useState<PastTimes | null>(null);
  const [users, setUsers] = useState<readonly JobUse[]>([]);
  const [running, setRunning] = useState<RollbackPlan | null>(null);
  /** Saved outputs as the person edited them; null while one is not JSON. */
  const [outputs, setOutputs] = useState<Outputs>({});
  const [note, setNote] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const state = useRun(({ facts }) => facts?.state);
  // A job that was given up, or is in doubt, is not rolled back by a pause: the plan says what comes first.
  const mayPause = useRun(({ facts }) => facts?.state === 'RUNNING' && facts.doubts === 0 && !isDeadLetter(facts));
  const inDoubt = useBlockingDoubts();
  const navigate = useNavigate();
  const replaying = useRun(({ at }) => at !== null);
  const close = () => view.setState({ sheet: null });

  // Only the answer to the last question is shown: an earlier one may come after it.
  const asked = useRef(0);
  const ask = useCallback(
    async (wanted: RollbackChoice): Promise<void> => {
      asked.current += 1;
      const mine = asked.current;
      try {
        setDrift(null);
        const next = await acts.plan(wanted);
        if (mine !== asked.current) return;
        setPlan(next);
        // Past times are loaded beside the plan, which is shown without waiting for them.
        void acts.expected(next.waves.flat().map(({ atom }) => atom)).then(
          (past) => setExpected(new Map(past.atoms.map((one) => [one.atom, one]))),
          () => setExpected(null),
        );
        void acts.usedBy(wanted).then(setUsers, () => setUsers([]));
        const asks = next.blocked === null && next.waves.flat().some(({ checked }) => checked);
        const differs = asks ? await acts.drift(wanted) : [];
        if (mine === asked.current) setDrift(differs);
      } catch (error) {
        if (mine === asked.current) setNote(sentenceOf(error));
      }
    },
    [acts],
  );
  // The plan is made again when the run changes state, for example when it is paused.
  useEffect(() => {
    if (running === null) void ask(choice);
  }, [ask, choice, running, state, mayPause, inDoubt.length]);

  const act = async (send: () => Promise<{ kind: 'done' } | { kind: 'refused'; code: string; message: string }>): Promise<boolean> => {
    setBusy(true);
    setNote(null);
    try {
      const answer = await send();
      if (answer.kind === 'done') return true;
      setNote(
        answer.code === 'PLAN_CHANGED'
          ? 'The plan has changed since you read it. Nothing was undone. This is the new plan.'
          : answer.message,
      );
      await ask(choice);
    } catch (error) {
      setNote(sentenceOf(error));
    } finally {
      setBusy(false);
    }
    return false;
  };
  const confirm = async (): Promise<void> => {
    if (
      plan === null ||
      !(await act(() => acts.confirm({ choice, hash: plan.hash, drift: drift ?? [], outputs: editedOf(outputs), reason: reason.trim() })))
    )
      return;
    // The rollback happens now, so the page leaves the replay.
    if (replaying) void navigate({ to: '.', search: {}, replace: true });
    setRunning(plan);
  };

  if (running !== null) {
    return (
      <Dialog
        open
        shape="sheet"
        onClose={close}
        title="Roll back"
        description={`${titleOf(choice, nameOf)}: how far it has come.`}
        footer={
          <>
            {state === 'REVERTING' && (
              <Button disabled={busy} onClick={() => void act(() => acts.pause('stopped from the plan'))}>
                Stop after what is being reverted now
              </Button>
            )}
            <Button onClick={close}>{state === 'REVERTING' ? 'Back to the job; the rollback goes on' : 'Back to the job'}</Button>
          </>
        }
      >
        <RollbackProgress plan={running} />
      </Dialog>
    );
  }
  const irreversible = plan?.waves.flat().some(({ action }) => action === 'keep') ?? false;
  const drifted = drift !== null && drift.length > 0;
  const edits = Object.values(outputs);
  const edited = edits.some((one) => one !== 'same');
  const unsettled = plan === null ? [] : unsettledOf(plan, boxes.unticked);
  const missing = [
    ...(unsettled.length > 0
      ? [
          `Say why ${namesOf(unsettled, nameOf)} ${unsettled.length === 1 ? 'stays' : 'stay'}, or tick ${unsettled.length === 1 ? 'it' : 'them'} again.`,
        ]
      : []),
    ...(edits.includes(null) ? ['A saved output is not a JSON object. Correct it, or restore the original.'] : []),
    ...(edited && reason.trim() === '' ? ['A saved output was edited: give a reason below the plan.'] : []),
    ...(irreversible && typed.trim().toLowerCase() !== TYPED
      ? [`An effect cannot be undone. Read the plan, then type “${TYPED}” below it.`]
      : []),
    ...(drifted && reason.trim() === '' ? ['An effect has changed since it was applied. Read the plan, then give a reason below it.'] : []),
  ];
  const ready = plan !== null && plan.blocked === null && drift !== null && missing.length === 0;
  const waitsForDrift = drift === null && unsettled.length === 0;
  return (
    <Dialog
      open
      shape="sheet"
      onClose={close}
      title="Roll back"
      description={`${titleOf(choice, nameOf)}. ${replaying ? 'The plan is as of now, not as of the replay. ' : ''}Nothing is undone until you confirm.`}
      footer={
        <>
          {plan !== null && plan.blocked === null && !ready && (
            <span className="mr-auto min-w-44 flex-1 text-11 text-fg-3">
              {waitsForDrift ? 'Checking whether every effect is still as apply left it…' : missing.join(' ')}
            </span>
          )}
          <Button autoFocus onClick={close}>
            Leave everything as it is
          </Button>
          {inDoubt.length > 0 && plan?.blocked != null ? (
            <Button look="revert" disabled={busy} onClick={() => view.setState({ ask: cancelAsk(acts, 'revert') })}>
              Cancel and roll back…
            </Button>
          ) : plan?.blocked != null && mayPause ? (
            <Button look="primary" disabled={busy} onClick={() => void act(() => acts.pause('to roll back'))}>
              Pause the job first
            </Button>
          ) : plan?.waves.length === 0 ? null : (
            <Button
              look="revert"
              className="!bg-st-revert-solid !text-accent-on hover:!opacity-90"
              disabled={busy || !ready}
              onClick={() => void confirm()}
            >
              {plan === null ? 'Making the plan…' : confirmWords(plan)}
            </Button>
          )}
        </>
      }
    >
      {note !== null && (
        <p role="alert" className="mb-3 rounded-2 border border-st-doubt-line/40 bg-st-doubt-bg px-3 py-2 text-12">
          {note}
        </p>
      )}
      {plan?.blocked != null && (
        <p className="mb-3 rounded-2 border border-line bg-sunken px-3 py-2 text-12">
          {state === 'SUSPENDING' ? 'Pausing: when the running tasks have ended, the plan can be confirmed.' : plan.blocked}
        </p>
      )}
      {plan?.blocked != null && inDoubt.length > 0 && <DoubtsInPlan doubts={inDoubt} />}
      <UsedBy users={users} nameOf={nameOf} />
      {plan !== null && <ChooseTasks plan={plan} boxes={boxes} onBoxes={setBoxes} />}
      {plan !== null && (
        <PlanWaves
          plan={plan}
          drift={drift}
          expected={expected}
          boxes={boxes}
          onBoxes={setBoxes}
          onOutput={(atom, output) => setOutputs((known) => ({ ...known, [atom]: output }))}
        />
      )}
      {plan !== null && plan.blocked === null && (
        <div className="mt-4">
          <Field label="Reason" hint="The logbook shows it beside your name." required={drifted || edited}>
            {(control) => (
              <TextArea {...control} rows={2} maxLength={2_000} value={reason} onChange={({ target }) => setReason(target.value)} />
            )}
          </Field>
          {irreversible && (
            <Field label={`Type “${TYPED}” to say that you know of what cannot be undone`} required>
              {(control) => <TextField {...control} autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />}
            </Field>
          )}
        </div>
      )}
    </Dialog>
  );
}

/** By address: the typed output, `same` when it equals the original, null when it is not a JSON object. */
interface Outputs {
  readonly [atom: string]: JsonObject | 'same' | null;
}

function editedOf(outputs: Outputs): { [atom: string]: JsonObject } {
  return Object.fromEntries(Object.entries(outputs).flatMap(([atom, one]) => (one === null || one === 'same' ? [] : [[atom, one]])));
}

/** The first few by name, the rest counted. */
function namesOf(atoms: readonly string[], nameOf: (id: string) => string): string {
  const named = atoms.slice(0, 3).map((atom) => `“${nameOf(atom)}”`);
  return atoms.length > 3 ? `${named.join(', ')} and ${atoms.length - 3} more` : named.join(' and ');
}

function titleOf(choice: RollbackChoice, nameOf: (id: string) => string): string {
  switch (choice.kind) {
    case 'job':
      return 'The whole job';
    case 'toEntry':
      return `Everything that was started after entry #${choice.number}`;
    case 'atoms':
      return choice.atoms.length > 3
        ? `${choice.atoms.length} tasks and what depends on them`
        : `“${choice.atoms.map(nameOf).join('”, “')}” and what depends on ${choice.atoms.length === 1 ? 'it' : 'them'}`;
  }
}
