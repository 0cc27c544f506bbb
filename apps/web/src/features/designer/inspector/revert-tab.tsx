import type { Effects, Problem, TaskItem } from '@windlass/engine/definition';
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Field } from '../../../ui/field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateTask } from '../draft/edits.ts';
import { isRevertField, TaskFields } from './task-fields.tsx';
import { outputNames } from '../draft/use-sources.ts';

interface RevertTabProps {
  readonly task: TaskItem;
  readonly catalog: Catalog;
  readonly problems: readonly Problem[];
  readonly effects: Effects | undefined;
}

/** What the revert of this task does, its input, and how often it is tried. */
export function RevertTab({ task, catalog, problems, effects }: RevertTabProps) {
  const store = useDraftStore();
  const policy = task.revertPolicy ?? { attempts: 3, delayMs: 500 };
  const setPolicy = (more: Partial<typeof policy>) =>
    store
      .getState()
      .change(
        'Revert policy',
        (now) => updateTask(now, task.id, (one) => ({ ...one, revertPolicy: { ...policy, ...more } })),
        `${task.id}.revertPolicy`,
      );
  return (
    <>
      <What effects={effects} />
      <TaskFields task={task} catalog={catalog} problems={problems} only={isRevertField} />
      {effects?.kind === 'reversible' && (
        <>
          <section className="mb-4 rounded-3 border border-st-revert-line/40 bg-st-revert-bg px-3 py-2.5">
            <h3 className="text-12 font-semibold text-st-revert-fg">What revert gets</h3>
            <dl className="mt-1.5 grid grid-cols-[96px_1fr] gap-x-2 gap-y-1 text-11 text-fg-2">
              {outputNames(catalog, task).map((name) => (
                <Got key={name} name={`output.${name}`}>
                  as apply gave it
                </Got>
              ))}
              <Got name="input">that of the apply, even if the flow has changed since</Got>
              <Got name="failure">set if apply failed</Got>
            </dl>
          </section>
          <Field label="Attempts" hint="After the last attempt a person is asked.">
            {(control) => (
              <TextField
                {...control}
                type="number"
                min={1}
                max={100}
                value={policy.attempts}
                onChange={(event) => setPolicy({ attempts: Math.max(1, Math.min(100, Math.round(Number(event.target.value)) || 1)) })}
              />
            )}
          </Field>
          <Field label="Wait before the second attempt (ms)" hint="Doubled for each further attempt.">
            {(control) => (
              <TextField
                {...control}
                type="number"
                min={0}
                value={policy.delayMs}
                onChange={(event) => setPolicy({ delayMs: Math.max(0, Math.min(3_600_000, Math.round(Number(event.target.value)) || 0)) })}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}

function What({ effects }: { readonly effects: Effects | undefined }) {
  switch (effects?.kind) {
    case 'none':
      return <p className="mb-4 text-12 text-fg-2">This task has no effect, so there is nothing to undo.</p>;
    case 'reversible':
      return (
        <p className="mb-4 text-12 text-fg-2">
          Revert <span className="font-medium text-st-revert-fg">{effects.undo}</span>.
        </p>
      );
    case 'irreversible':
      return (
        <p className="mb-4 flex items-start gap-2 text-12 text-fg-2">
          <Lock size={14} className="mt-px shrink-0" aria-hidden />
          <span>This task cannot be undone: {effects.reason}. A rollback keeps its effect and lists it.</span>
        </p>
      );
    case undefined:
      return <p className="mb-4 text-12 text-fg-3">This server does not know the task type.</p>;
  }
}

function Got({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="truncate font-mono">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
