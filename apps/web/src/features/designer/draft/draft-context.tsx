import { createContext, type ReactNode, useContext } from 'react';
import type { DraftState, DraftStore } from './draft-store.ts';

const Context = createContext<DraftStore | null>(null);

export function DraftProvider({ store, children }: { readonly store: DraftStore; readonly children: ReactNode }) {
  return <Context.Provider value={store}>{children}</Context.Provider>;
}

/** A part of the draft; the component renders again only when that part changes. */
export function useDraft<T>(select: (state: DraftState) => T): T {
  return useDraftStore()(select);
}

export function useDraftStore(): DraftStore {
  const store = useContext(Context);
  if (store === null) throw new Error('There is no draft around this component.');
  return store;
}
