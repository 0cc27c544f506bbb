// The button only opens the sheet, so that every plan is read before it runs. Hovering or focusing the button marks the tasks
// that would be reverted.
import { History, Undo2 } from 'lucide-react';
import type { RollbackChoice } from '@windlass/engine/run';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../lib/cx.ts';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { mayPlan } from './open-plan.ts';
import { previewOf } from '../run/view-store.ts';

interface RevertButtonProps {
  readonly choice: RollbackChoice;
  readonly label: string;
  /** Text beside the icon; without it only the icon is shown. */
  readonly words?: string;
  readonly className?: string;
}

function PreviewedButton({ choice, label, words, className }: RevertButtonProps) {
  const { store, view } = useJobPage();
  // A replay shows an earlier state; the plan is that of the live run.
  const isOpen = useRun(({ facts, at }) => at !== null || facts === null || mayPlan(facts));
  const show = () => {
    const run = store.shownRun();
    if (run !== null) view.setState({ preview: previewOf(run, choice) });
  };
  const hide = () => view.setState({ preview: null });
  if (!isOpen) return null;
  const Icon = choice.kind === 'toEntry' ? History : Undo2;
  return (
    <Button
      look={words === undefined ? 'quiet' : 'revert'}
      size={words === undefined ? 'small' : 'normal'}
      aria-label={label}
      title={label}
      className={cx(words === undefined && 'w-6 !px-0 !text-st-revert-fg', className)}
      onMouseEnter={show}
      onMouseLeave={hide}
      onFocus={show}
      onBlur={hide}
      onClick={(event) => {
        event.stopPropagation();
        view.setState({ sheet: choice, preview: null });
      }}
    >
      <Icon aria-hidden size={words === undefined ? 14 : 15} />
      {words}
    </Button>
  );
}

/** Reverts one task and what depends on it. */
export function RevertTask({ atom, words, className }: { readonly atom: string; readonly words?: string; readonly className?: string }) {
  const { nameOf } = useJobPage();
  const choice: RollbackChoice = { kind: 'atoms', atoms: [atom], leaveOut: [] };
  return (
    <PreviewedButton
      choice={choice}
      label={`Revert ${nameOf(atom)}`}
      {...(words === undefined ? {} : { words })}
      {...(className === undefined ? {} : { className })}
    />
  );
}

/** Reverts everything that was started after an entry. */
export function RollBackToHere({ number, className }: { readonly number: number; readonly className?: string }) {
  return (
    <PreviewedButton choice={{ kind: 'toEntry', number }} label="Roll back to here" {...(className === undefined ? {} : { className })} />
  );
}

/** Number of tasks that the hovered revert would revert. */
export function PreviewCount() {
  const reverts = useView(({ preview }) => preview?.reverts ?? null);
  if (reverts === null) return null;
  return (
    <span
      role="status"
      className="pointer-events-none absolute left-3 top-3 z-30 rounded-2 border border-st-revert-line bg-st-revert-bg px-2 py-1 text-12 font-medium text-st-revert-fg"
    >
      {reverts === 0 ? 'Nothing would be reverted' : `Would revert ${reverts} ${reverts === 1 ? 'task' : 'tasks'}`}
    </span>
  );
}
