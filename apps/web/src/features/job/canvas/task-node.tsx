// A task on the run's canvas. It reads only its own atom.
import { Handle, Position } from '@xyflow/react';
import { Lock, Pin } from 'lucide-react';
import { memo, useMemo } from 'react';
import { cx } from '../../../lib/cx.ts';
import { StateIcon } from '../../../ui/state/state-icon.tsx';
import { type StateLook, hueVar, lookOf } from '../../../ui/state/state-look.ts';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import { effectsOf } from '@windlass/engine/definition';
import { ProgressBar } from '../../../ui/state/progress-bar.tsx';
import { IterationStepper } from './iteration-stepper.tsx';
import { useAtomLine, useAtomLook, useJobPage, useProgress, useRun, useView } from '../job-context.tsx';
import { aggregateIn, iterationOf, shownMember, wholeLine } from '../run/members.ts';
import { hasNotBegun, retryOf } from '../run/next-attempt.ts';
import { progressWords } from '../run/progress-store.ts';

const HANDLE = '!min-h-0 !min-w-0 !h-1 !w-1 !border-0 !bg-transparent';

export const TaskNode = memo(function TaskNode({ id }: { readonly id: string }) {
  const { itemOf, nameOf, ownerOf, typeOf } = useJobPage();
  const { tasks, atom, retry, whole } = useShown(id);
  const address = atom?.atom ?? id;
  const ofOne = useProgress(address);
  const progress = whole === null ? ofOne : null;
  const selected = useView((state) => state.selected !== null && (state.selected === id || ownerOf(state.selected) === id));
  const preview = useView((state) => state.preview?.actions.get(address) ?? null);
  const dimmed = useView((state) => state.preview !== null && !tasks.some((one) => state.preview?.actions.has(one)));
  const lookIn = useAtomLook();
  const lineOf = useAtomLine();
  const item = itemOf(id);
  const type = typeOf(id);
  const isRetrying = retry !== undefined && hasNotBegun(atom);
  const look: StateLook = whole?.look ?? (isRetrying ? lookOf('RETRYING') : lookIn(atom));
  const line = whole === null ? (isRetrying ? lineOf(retry) : lineOf(atom, look)) : wholeLine(whole, retry !== undefined);
  const irreversible =
    type !== undefined &&
    item?.kind === 'task' &&
    effectsOf(type.effects, item.parameters, new Set(Object.keys(item.bindings))).kind === 'irreversible';
  const going = look.pattern === 'hatch';
  const box = (
    <div
      data-testid={`node-${id}`}
      data-state={whole?.state ?? (isRetrying ? 'RETRYING' : (atom?.state ?? 'PENDING'))}
      className={cx(
        'relative flex h-14 w-[216px] cursor-pointer items-center gap-2 overflow-hidden rounded-3 border bg-surface pl-3 pr-2.5 transition-opacity',
        selected && 'outline-2 outline-offset-0 outline-accent-ring',
        look.pattern === 'hollow' && '!border-[1.5px]',
        preview === 'revert' && 'hatch-revert',
        dimmed && 'opacity-45',
        going && 'hatch-revert animate-hatch motion-reduce:animate-none',
        look.pattern === 'hatchFailed' && 'hatch-revert-failed',
      )}
      style={{
        borderColor:
          preview === 'revert' || look.hue === 'revert'
            ? 'var(--st-revert-line)'
            : look.pattern === 'hatchFailed' || look.hue === 'failed' || look.hue === 'doubt'
              ? hueVar(look.hue, 'line')
              : 'var(--line-strong)',
        ...(look.icon === 'pin'
          ? { backgroundColor: 'var(--kept-fill)' }
          : look.pattern === 'hollow'
            ? { backgroundColor: 'var(--canvas)' }
            : {}),
      }}
    >
      <Handle type="target" position={Position.Left} className={HANDLE} isConnectable={false} />
      <span className="absolute inset-y-0 left-0 w-[3px]" style={{ background: hueVar(look.hue, 'line') }} />
      <span
        className="grid size-7 shrink-0 place-items-center rounded-2"
        style={{
          background: look.hue === 'pending' ? 'var(--sunken)' : hueVar(look.hue, 'bg'),
          color: look.hue === 'pending' ? 'var(--fg-2)' : hueVar(look.hue, 'fg'),
        }}
      >
        <TaskIcon name={item?.kind === 'subflow' ? 'subflow' : type?.icon} />
      </span>
      <span
        className={cx('min-w-0 flex-1', (going || look.pattern === 'hatchFailed' || preview === 'revert') && 'rounded-1 bg-surface px-1')}
      >
        <span className="block truncate text-12 font-medium text-fg" title={nameOf(id)}>
          {nameOf(id)}
        </span>
        <span
          className="line-clamp-2 text-11 leading-[14px]"
          style={{ color: preview !== null || look.hue === 'pending' ? 'var(--fg-3)' : hueVar(look.hue, 'fg') }}
        >
          {preview === null ? (progress && progressWords(progress)) || line : PREVIEW_WORDS[preview]}
        </span>
      </span>
      {whole === null && atom !== undefined && atom.attempt > 1 && (
        <span className="rounded-1 bg-hover px-1 text-10 text-fg-2">↻ {atom.attempt}</span>
      )}
      {irreversible && <Lock aria-label="irreversible" size={11} className="absolute right-1 top-1 text-fg-3" />}
      {preview === 'keep' && <Pin aria-hidden size={11} className="absolute bottom-1 right-1 text-st-revert-fg" />}
      <span className={cx('shrink-0', (going || look.pattern === 'hatchFailed') && 'rounded-1 bg-surface p-0.5')}>
        <StateIcon look={look} />
      </span>
      {progress !== null && progress.fraction !== null && (
        <ProgressBar
          fraction={progress.fraction}
          label={`Progress of ${nameOf(id)}`}
          hue={progress.kind === 'revert' ? 'revert' : 'running'}
          className="absolute inset-x-0 bottom-0 h-0.5"
        />
      )}
      {look.icon === 'spin' && (progress === null || progress.fraction === null) && (
        <span className="animate-run-line absolute bottom-0 left-0 h-0.5 w-1/4 bg-st-running-line motion-reduce:w-full motion-reduce:animate-none" />
      )}
      <Handle type="source" position={Position.Right} className={HANDLE} isConnectable={false} />
    </div>
  );
  if (tasks.length < 2 || item?.kind !== 'task' || atom === undefined) return box;
  return (
    <div className="relative">
      {box}
      <IterationStepper tasks={tasks} shown={atom.atom} name={nameOf(id)} />
    </div>
  );
});

/** The state that a node shows: that of its only atom, or the worst of several and the one stepped to. */
function useShown(id: string) {
  const members = useRun((state) => state.members.get(id));
  const tasks = members?.tasks ?? NONE;
  // In iterations the selection decides; a click elsewhere renders only nodes with several atoms.
  const selected = useView((state) => (tasks.length > 1 ? state.selected : null));
  const atom = useRun(({ atoms }) => atoms.get(tasks.length < 2 ? (tasks[0] ?? id) : (shownMember(tasks, { selected, atoms }) ?? id)));
  const iteration = iterationOf(atom?.atom ?? '');
  const retry = useRun(({ atoms }) => (members === undefined ? undefined : retryOf(members.controls, { iteration, atoms })));
  const lookIn = useAtomLook();
  // A text, so that the component renders again only when it changes.
  const sum = useRun(({ atoms, dropped }) => {
    if (tasks.length < 2) return '';
    const { state, done, same, look, earlier } = aggregateIn(tasks, { atoms, dropped, lookIn });
    return `${state} ${done} ${same} ${look.word} ${earlier}`;
  });
  const { store } = useJobPage();
  // The map of atoms is always the same object; `sum` changes when its content does.
  const whole = useMemo(() => {
    const { atoms, dropped } = store.getState();
    return tasks.length < 2 ? null : aggregateIn(tasks, { atoms, dropped, lookIn });
  }, [tasks, sum, lookIn, store]);
  return { tasks, atom, retry, whole };
}

const NONE: readonly string[] = [];

const PREVIEW_WORDS = { revert: 'Would be reverted', keep: 'Would stay', nothing: 'Nothing to undo' } as const;
