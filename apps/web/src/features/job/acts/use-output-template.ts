import { useJobPage } from '../job-context.tsx';
import { type OutputTemplate, outputTemplate, usesOf } from './output-template.ts';

/** The template of the outputs that a person gives for a task of this job. */
export function useOutputTemplate(): (atom: string) => OutputTemplate {
  const { ownerOf, store, typeOf } = useJobPage();
  return (atom) => {
    const { definition } = store.getState();
    return outputTemplate(typeOf(atom)?.output, definition === null ? null : usesOf(ownerOf(atom), definition));
  };
}
