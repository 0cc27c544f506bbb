// Details of the chosen task, or of the whole job when no task is chosen.
import { Link } from '@tanstack/react-router';
import type { SubflowItem } from '@windlass/engine/definition';
import type { UnresolvedOutput } from '@windlass/engine/run';
import { Workflow } from 'lucide-react';
import { useState } from 'react';
import { hueVar } from '../../../ui/state/state-look.ts';
import { Tabs } from '../../../ui/tabs.tsx';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import { AtomSummary, JobSummary, UnresolvedOutputs } from './summary.tsx';
import { AtomsOf, RetryHistory } from './atoms-of.tsx';
import { WaitingCard } from '../acts/waiting-card.tsx';
import { ActCard, useChosenAct } from '../acts/act-card.tsx';
import { Attempts, EntriesOf } from './attempts.tsx';
import { ValueView } from '../values/value-view.tsx';
import { useAtomLook, useJobPage, useRun, useView } from '../job-context.tsx';
import { TaskLog } from './task-log.tsx';
import { RevertTask } from '../plan/revert-button.tsx';

export function Inspector() {
  const { itemOf } = useJobPage();
  const selected = useView((state) => state.selected);
  const act = useChosenAct();
  const item = selected === null ? undefined : itemOf(selected);
  return (
    <section aria-label="Inspector" className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      {act !== null ? (
        <ActCard act={act} />
      ) : item?.kind === 'task' && selected !== null ? (
        <TaskInspector key={selected} id={selected} type={item.type} />
      ) : item?.kind === 'subflow' ? (
        <SubflowInspector item={item} />
      ) : (
        <JobInspector {...(item === undefined ? {} : { container: item.name })} />
      )}
    </section>
  );
}

function TaskInspector({ id, type }: { readonly id: string; readonly type: string }) {
  const { job, nameOf, typeOf } = useJobPage();
  const atom = useRun((state) => state.atoms.get(id));
  const [tab, setTab] = useState('summary');
  const look = useAtomLook()(atom);
  const canRevert =
    atom !== undefined &&
    atom.kept === null &&
    (atom.state === 'SUCCESS' || (atom.state === 'FAILURE' && atom.applied) || (atom.state === 'IGNORE' && atom.applied));
  const descriptor = typeOf(id);
  return (
    <>
      <div className="flex shrink-0 items-center gap-2.5 px-4 pb-1.5 pt-3">
        <span
          className="grid size-7 shrink-0 place-items-center rounded-2"
          style={{ background: hueVar(look.hue, 'bg'), color: hueVar(look.hue, 'fg') }}
        >
          <TaskIcon name={descriptor?.icon} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-13 font-semibold leading-[18px]" title={nameOf(id)}>
            {nameOf(id)}
          </h2>
          <p className="truncate text-11 text-fg-3">
            {type}
            {atom !== undefined && atom.attempt > 0 && ` · attempt ${atom.attempt}`}
          </p>
        </div>
        {canRevert && <RevertTask atom={id} words="Revert" />}
      </div>
      <Tabs
        label="About the task"
        value={tab}
        onChange={setTab}
        items={[
          { id: 'summary', label: 'Summary', content: <TaskSummary id={id} /> },
          {
            id: 'input',
            label: 'Input',
            content:
              atom === undefined || atom.attempt === 0 ? (
                <Nothing>This task has not started, so it has no input yet.</Nothing>
              ) : (
                <ValueView job={job} value={atom.input} at={atom.inputAt} />
              ),
          },
          {
            id: 'output',
            label: 'Output',
            content: (
              <ValueView
                job={job}
                value={atom?.output}
                at={atom?.outputAt}
                empty={atom?.state === 'FAILURE' ? 'The task failed, so it has no output.' : 'The task has no output yet.'}
              />
            ),
          },
          { id: 'saved', label: 'Saved', undo: true, content: <Saved id={id} /> },
          { id: 'log', label: 'Log', content: <TaskLog key={id} id={id} /> },
          { id: 'attempts', label: 'Attempts', content: <Attempts id={id} /> },
          { id: 'entries', label: 'Entries', content: <EntriesOf id={id} /> },
        ]}
      />
    </>
  );
}

function TaskSummary({ id }: { readonly id: string }) {
  const { ownerOf } = useJobPage();
  return (
    <>
      <WaitingCard id={id} />
      <AtomSummary id={id} />
      <RetryHistory id={id} />
      <AtomsOf item={ownerOf(id)} title="Its other atoms" besides={id} />
    </>
  );
}

/** A subflow as one item: the atoms inside it. */
function SubflowInspector({ item }: { readonly item: SubflowItem }) {
  return (
    <>
      <div className="flex shrink-0 items-center gap-2.5 border-b border-line px-4 pb-2.5 pt-3">
        <span className="grid size-7 shrink-0 place-items-center rounded-2 bg-sunken text-fg-2">
          <Workflow aria-hidden size={16} strokeWidth={1.5} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-13 font-semibold leading-[18px]">{item.name}</h2>
          <p className="text-11 text-fg-3">subflow, version {item.version}</p>
        </div>
        <Link to="/flows/$flowId" params={{ flowId: item.flow }} className="text-12 text-accent-fg hover:underline">
          Open the flow
        </Link>
      </div>
      <div className="min-h-0 flex-1 overflow-auto px-4 py-3">
        <AtomsOf item={item.id} title="Inside it" />
      </div>
    </>
  );
}

function Saved({ id }: { readonly id: string }) {
  const { job, typeOf } = useJobPage();
  const atom = useRun((state) => state.atoms.get(id));
  if (atom === undefined || !atom.applied) return <Nothing>Saved for revert: nothing, because apply was not called.</Nothing>;
  const hasRevert = typeOf(id)?.hasRevert ?? true;
  return (
    <div className="space-y-2 text-12">
      <p className="text-fg-2">
        {hasRevert ? 'Saved for revert: the revert gets this output.' : 'This task type has no revert. This is its saved output.'}
      </p>
      <h3 className="text-11 font-semibold text-fg-3">Output of its apply</h3>
      <ValueView
        job={job}
        value={atom.failure === null ? atom.output : null}
        at={atom.failure === null ? atom.outputAt : null}
        empty="None: apply failed, or its outcome is unknown. Revert then undoes every effect that apply may have had."
      />
      <h3 className="text-11 font-semibold text-fg-3">Input of that apply</h3>
      <ValueView job={job} value={atom.input} at={atom.inputAt} />
    </div>
  );
}

const NONE: readonly UnresolvedOutput[] = [];

function JobInspector({ container }: { readonly container?: string }) {
  const flowName = useRun((state) => state.posted?.flowName);
  const { job } = useJobPage();
  const inputs = useRun((state) => state.facts?.inputs ?? {});
  const inputsAt = useRun((state) => state.facts?.inputsAt ?? null);
  const outputsAt = useRun((state) => state.facts?.outputsAt ?? null);
  const outputs = useRun((state) => state.facts?.outputs ?? null);
  const unresolved = useRun((state) => state.facts?.unresolved ?? NONE);
  const [tab, setTab] = useState('summary');
  return (
    <>
      <div className="flex shrink-0 items-center gap-2.5 px-4 pb-1.5 pt-3">
        <span className="grid size-7 shrink-0 place-items-center rounded-2 bg-sunken text-fg-2">
          <Workflow aria-hidden size={16} strokeWidth={1.5} />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-13 font-semibold leading-[18px]">{container ?? flowName}</h2>
          <p className="text-11 text-fg-3">{container === undefined ? 'The whole job' : 'A container; below, the whole job'}</p>
        </div>
      </div>
      <Tabs
        label="About the job"
        value={tab}
        onChange={setTab}
        items={[
          { id: 'summary', label: 'Summary', content: <JobSummary /> },
          {
            id: 'input',
            label: 'Input',
            content:
              inputsAt === null && Object.keys(inputs).length === 0 ? (
                <Nothing>This job was launched without inputs.</Nothing>
              ) : (
                <ValueView job={job} value={inputs} at={inputsAt} />
              ),
          },
          {
            id: 'output',
            label: 'Output',
            content:
              outputs === null || (outputsAt === null && Object.keys(outputs).length === 0 && unresolved.length === 0) ? (
                <Nothing>The flow has no outputs, or has not ended yet.</Nothing>
              ) : (
                <div className="space-y-3">
                  <ValueView job={job} value={outputs} at={outputsAt} />
                  <UnresolvedOutputs outputs={unresolved} />
                </div>
              ),
          },
          {
            id: 'saved',
            label: 'Saved',
            undo: true,
            content: <Nothing>Saved for revert: choose a task to see what its revert gets.</Nothing>,
          },
          { id: 'log', label: 'Log', content: <Nothing>Choose a task to see what it has logged.</Nothing> },
          { id: 'attempts', label: 'Attempts', content: <Nothing>Choose a task to see its attempts.</Nothing> },
          {
            id: 'entries',
            label: 'Entries',
            content: <Nothing>All entries are in the logbook below. Choose a task to see only its entries.</Nothing>,
          },
        ]}
      />
    </>
  );
}

export function Nothing({ children }: { readonly children: string }) {
  return <p className="text-12 text-fg-3">{children}</p>;
}
