import { type Problem, problemsOf } from '@windlass/engine/definition';
import { useMemo } from 'react';
import type { Catalog } from '../../lib/catalog.ts';
import { useDraft } from './draft-context.tsx';

const NONE: readonly Problem[] = [];

/** What is wrong with the drawing now, by the same code that the server asks before publishing. */
export function useProblems(catalog: Catalog): readonly Problem[] {
  const definition = useDraft((state) => state.definition);
  return useMemo(() => (catalog.isLoaded ? problemsOf(definition, catalog.find) : NONE), [definition, catalog]);
}
