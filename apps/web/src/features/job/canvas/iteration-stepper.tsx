import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useJobPage } from '../job-context.tsx';
import { iterationOf, shortIteration } from '../run/members.ts';

export interface IterationStepperProps {
  readonly tasks: readonly string[];
  readonly shown: string;
  readonly name: string;
}

/** Steps a node and its siblings through the iterations of their for-each or loop. */
export function IterationStepper({ tasks, shown, name }: IterationStepperProps) {
  const { view } = useJobPage();
  if (iterationOf(shown) === '') return null;
  const at = tasks.indexOf(shown);
  const step = (to: number) => (
    <button
      type="button"
      aria-label={`${to < at ? 'Earlier' : 'Later'} iteration of ${name}`}
      disabled={tasks[to] === undefined}
      className="grid size-4 place-items-center rounded-full hover:bg-hover disabled:opacity-40"
      onClick={(event) => {
        event.stopPropagation();
        view.setState({ selected: tasks[to] ?? null, entry: null });
      }}
    >
      {to < at ? <ChevronLeft size={11} aria-hidden /> : <ChevronRight size={11} aria-hidden />}
    </button>
  );
  return (
    <span
      data-testid={`iteration-${shown}`}
      className="nopan absolute -bottom-2 right-2 flex h-4 items-center rounded-full border border-line-strong bg-surface text-10 text-fg-2"
    >
      {step(at - 1)}
      <span className="px-0.5 tabular-nums">{shortIteration(shown)}</span>
      {step(at + 1)}
    </span>
  );
}
