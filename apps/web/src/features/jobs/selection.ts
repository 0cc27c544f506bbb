// The selected jobs: some chosen by hand, or all that the search finds, including those not shown.
import { useState } from 'react';

export interface Selection {
  readonly kind: 'some' | 'all';
  readonly ids: readonly string[];
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  readonly add: (ids: readonly string[]) => void;
  readonly all: () => void;
  readonly clear: () => void;
}

type Chosen = { readonly of: string; readonly ids: ReadonlySet<string>; readonly isAll: boolean };
const NONE: ReadonlySet<string> = new Set();

/** A selection belongs to its search; another search begins with an empty one. */
export function useSelection(search: string): Selection {
  const [kept, setChosen] = useState<Chosen>({ of: search, ids: NONE, isAll: false });
  const { ids, isAll } = kept.of === search ? kept : { ids: NONE, isAll: false };
  const choose = (next: ReadonlySet<string>, all = false) => setChosen({ of: search, ids: next, isAll: all });
  return {
    kind: isAll ? 'all' : 'some',
    ids: [...ids],
    has: (id) => isAll || ids.has(id),
    toggle: (id) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      choose(next);
    },
    add: (more) => choose(new Set([...ids, ...more])),
    all: () => choose(NONE, true),
    clear: () => choose(NONE),
  };
}
