import { type Problem, problemsOf } from '@windlass/engine/definition';
import { useMemo } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { useDraft } from './draft-context.tsx';

const NONE: readonly Problem[] = [];

/** The problems of the draft now, found by the same code that the server runs before publishing. */
export function useProblems(catalog: Catalog): readonly Problem[] {
  const definition = useDraft((state) => state.definition);
  return useMemo(() => (catalog.isLoaded ? problemsOf(definition, catalog.find) : NONE), [definition, catalog]);
}
