// Drawing a link by mouse, keyboard or menu: a link that would make a circle is offered as a link that goes back.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { type Connection, connect, type Ends } from '../draft/links.ts';

interface Linking {
  readonly link: (ends: Ends) => void;
}

const Context = createContext<Linking | null>(null);

export function useLinking(): Linking {
  const linking = useContext(Context);
  if (linking === null) throw new Error('Links are drawn inside a designer only.');
  return linking;
}

export function LinkingProvider({ children }: { readonly children: ReactNode }) {
  const store = useDraftStore();
  const [circle, setCircle] = useState<Extract<Connection, { kind: 'circle' }> | null>(null);
  const link = useCallback(
    (ends: Ends) => {
      const answer = connect(store.getState().definition, ends);
      if (answer.kind === 'refused') toast(answer.why);
      else if (answer.kind === 'circle') setCircle(answer);
      else store.getState().change(ends.way === 'failure' ? 'Link on failure' : 'Link', () => answer.definition);
    },
    [store],
  );
  const goBack = () => {
    if (circle === null) return;
    store.getState().change('Link that goes back', () => circle.definition);
    store.getState().select([circle.link]);
    setCircle(null);
  };
  return (
    <Context.Provider value={useMemo(() => ({ link }), [link])}>
      {children}
      {circle !== null && (
        <Dialog
          open
          onClose={() => setCircle(null)}
          title="This link makes a circle"
          description={`“${circle.to}” already comes before “${circle.from}”, so neither could ever begin.`}
          footer={
            <>
              <Button onClick={() => setCircle(null)}>Draw no link</Button>
              <Button look="primary" onClick={goBack}>
                It goes back (loop)
              </Button>
            </>
          }
        >
          <p className="text-12 text-fg-2">
            If the link should go back, everything from “{circle.to}” to “{circle.from}” runs again, round after round, while a condition
            holds and up to a limit.
          </p>
        </Dialog>
      )}
    </Context.Provider>
  );
}
