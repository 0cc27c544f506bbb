// Keeps the server's draft in step: a moment after the last change, and at once when asked. Somebody else's save is
// never overwritten: then this page says so and stops saving until its draft is thrown away.
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { useDraft, useDraftStore } from './draft-context.tsx';
import { isUnsaved } from './draft-store.ts';

const AFTER_MS = 800;

export type SavingState =
  | { readonly kind: 'saved' | 'saving' | 'unsaved' }
  | { readonly kind: 'changed'; readonly by: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface Saving {
  readonly state: SavingState;
  /** Saves what is unsaved; answers with the revision on the server, or null when it could not. */
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
    // One at a time: a second save waits for the first, as it needs its revision.
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
