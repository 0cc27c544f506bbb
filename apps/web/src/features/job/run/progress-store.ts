// Progress of a job's running calls (A6): live and not in the logbook, so not in the run's store.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '@windlass/api';
import type { AtomSnapshot, Progress } from '@windlass/engine/run';
import { type StoreApi, createStore } from 'zustand/vanilla';

export type ProgressByAtom = ReadonlyMap<string, Progress>;

export interface ProgressStore extends StoreApi<ProgressByAtom> {
  /** Follows until the returned function is called. A browser has few connections, so follow only while a task may run. */
  follow(): () => void;
}

const NONE: ProgressByAtom = new Map();
/** A shorter call needs no bar, and a page that opens is painted first. */
const AFTER_MS = 1_000;

export function createProgressStore(client: TRPCClient<AppRouter>, job: string): ProgressStore {
  const store = createStore<ProgressByAtom>(() => NONE);
  return Object.assign(store, {
    follow: () => {
      let unsubscribe = () => {};
      const timer = setTimeout(() => {
        const subscription = client.jobs.progress.subscribe(
          { job },
          {
            onData: (calls) => store.setState(calls.length === 0 ? NONE : new Map(calls.map((one) => [one.atom, one])), true),
            // The logbook's stream decides whether the page is connected; without this stream only the bars are missing.
            onError: () => store.setState(NONE, true),
          },
        );
        unsubscribe = () => subscription.unsubscribe();
      }, AFTER_MS);
      return () => {
        clearTimeout(timer);
        unsubscribe();
        store.setState(NONE, true);
      };
    },
  });
}

/** The progress of the atom's present call; null when it belongs to another call, or no call runs. */
export function progressOf(atom: AtomSnapshot | undefined, progress: Progress | undefined): Progress | null {
  if (atom === undefined || progress === undefined || progress.attempt !== atom.attempt) return null;
  const kind = atom.state === 'RUNNING' ? 'apply' : atom.state === 'REVERTING' ? 'revert' : null;
  return progress.kind === kind ? progress : null;
}

/** `42 % · 3 of 7 files`; empty when the call has only given heartbeats. */
export function progressWords({ fraction, message }: Progress): string {
  return [fraction === null ? null : `${Math.floor(fraction * 100)} %`, message].filter((word) => word !== null && word !== '').join(' · ');
}
