// Saves the draft to the server: shortly after the last change, and at once on request. A save by another person is
// never overwritten: the page then says so, and saves nothing more until the draft is opened again.
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf, useTRPC } from '../../../lib/trpc.ts';
import { useDraft, useDraftStore } from './draft-context.tsx';
import { isUnsaved } from './draft-store.ts';

const AFTER_MS = 800;

export type SavingState =
  | { readonly kind: 'saved' | 'saving' | 'unsaved' }
  | { readonly kind: 'changed'; readonly by: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface Saving {
  readonly state: SavingState;
  /** Saves unsaved changes; answers with the revision on the server, or null when saving failed. */
  save(): Promise<number | null>;
}

export function useSaving(): Saving {
  const trpc = useTRPC();
  const store = useDraftStore();
  const unsaved = useDraft(isUnsaved);
  const definition = useDraft((state) => state.definition);
  const [trouble, setTrouble] = useState<Extract<SavingState, { kind: 'changed' | 'failed' }> | null>(null);
  const { mutateAsync, isPending } = useMutation(trpc.flows.save.mutationOptions({ retry: 2 }));
  const under = useRef<Promise<number | null> | null>(null);

  const save = useCallback((): Promise<number | null> => {
    const once = async (): Promise<number | null> => {
      const state = store.getState();
      if (!isUnsaved(state)) return state.revision;
      try {
        const answer = await mutateAsync({ flow: state.flow, revision: state.revision, definition: state.definition });
        if (answer.kind === 'saved') {
          store.getState().markSaved(state.definition, answer.draft.revision);
          setTrouble(null);
          return answer.draft.revision;
        }
        setTrouble(
          answer.kind === 'changed'
            ? { kind: 'changed', by: answer.draft.updatedBy }
            : { kind: 'failed', why: answer.problems[0]?.message ?? 'The draft is not valid.' },
        );
      } catch (thrown) {
        setTrouble({ kind: 'failed', why: sentenceOf(thrown) });
      }
      return null;
    };
    // One save at a time: a second save needs the revision of the first.
    const running = (under.current ?? Promise.resolve(null)).then(once);
    under.current = running;
    return running;
  }, [mutateAsync, store]);

  useEffect(() => {
    if (!unsaved || trouble?.kind === 'changed') return;
    const timer = setTimeout(() => void save(), AFTER_MS);
    return () => clearTimeout(timer);
  }, [unsaved, definition, save, trouble?.kind]);

  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [unsaved]);

  return { state: trouble ?? { kind: isPending ? 'saving' : unsaved ? 'unsaved' : 'saved' }, save };
}
