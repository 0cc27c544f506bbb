// The context of every part of a job page: the job, its two stores, its acts, and the names of its items.
import type { Item, TaskDescriptor } from '@windlass/engine/definition';
import type { AtomSnapshot, Progress } from '@windlass/engine/run';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { type AtomLook, type StateLook, lookOf, lookOfAtom, lookInDeadLetter } from '../../ui/state/state-look.ts';
import type { JobActs } from './acts/job-acts.ts';
import { type ProgressStore, progressOf } from './run/progress-store.ts';
import { isDeadLetter } from '@windlass/engine/run';
import type { JobView, RunStore } from './run/run-store.ts';
import { atomLine, isAtRest } from './run/words.ts';
import type { View, ViewStore } from './run/view-store.ts';

export interface JobPage {
  readonly job: string;
  readonly store: RunStore;
  readonly view: ViewStore;
  readonly progress: ProgressStore;
  readonly acts: JobActs;
  readonly nameOf: (id: string) => string;
  /** The item of the definition, by an item's id or an atom's address. */
  readonly itemOf: (id: string) => Item | undefined;
  /** The id of the item that an address belongs to. */
  readonly ownerOf: (address: string) => string;
  readonly typeOf: (id: string) => TaskDescriptor | undefined;
}

const Context = createContext<JobPage | null>(null);
export const JobPageProvider = Context.Provider;

export function useJobPage(): JobPage {
  const page = useContext(Context);
  if (page === null) throw new Error('This part stands outside a job page.');
  return page;
}

/** A slice of the run; renders again only when that slice changes. */
export function useRun<T>(select: (state: JobView) => T): T {
  return useStore(useJobPage().store, select);
}

/** The look of an atom in the run that is shown: one that was never begun is pending, one of a given-up job does not run. */
export function useAtomLook(): (atom: AtomLook | undefined) => StateLook {
  const isOver = useRun(({ facts }) => facts !== null && isDeadLetter(facts));
  return isOver ? lookOfInterrupted : lookOfOne;
}

const lookOfOne = (atom: AtomLook | undefined) => (atom === undefined ? lookOf('PENDING') : lookOfAtom(atom));
const lookOfInterrupted = (atom: AtomLook | undefined) => (atom === undefined ? lookOf('PENDING') : lookInDeadLetter(atom));

/** The line of an atom in the run that is shown. */
export function useAtomLine(): (atom: AtomSnapshot | undefined, look?: StateLook) => string {
  const lookIn = useAtomLook();
  const isPaused = useRun(({ facts }) => facts !== null && isAtRest(facts.state));
  return (atom, look) => atomLine(atom, { look: look ?? lookIn(atom), isPaused });
}

/** Progress of the atom's running call; null when none is known, and during a replay. */
export function useProgress(id: string): Progress | null {
  const { store, progress } = useJobPage();
  const atom = useStore(store, (state) => (state.at === null ? state.atoms.get(id) : undefined));
  return progressOf(
    atom,
    useStore(progress, (calls) => calls.get(id)),
  );
}

/** A slice of the view: selection, layout and open panes. */
export function useView<T>(select: (state: View) => T): T {
  return useStore(useJobPage().view, select);
}
