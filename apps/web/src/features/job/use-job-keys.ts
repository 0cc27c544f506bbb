// Keys of the job page. They are ignored while a person types or a dialog is open; none of them changes the job.
import { useEffect } from 'react';
import { useJobPage } from './job-context.tsx';

export function useJobKeys(goTo: (at: number | null) => void): void {
  const { store, view } = useJobPage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (view.getState().sheet !== null || view.getState().ask !== null) return;
      const { atoms, number, at } = store.getState();
      const ids = [...atoms.keys()];
      const select = (id: string | undefined) => id !== undefined && view.setState({ selected: id, entry: null });
      const index = ids.indexOf(view.getState().selected ?? '');
      switch (event.key.toLowerCase()) {
        case 'j':
          return void select(ids[Math.min(ids.length - 1, index + 1)]);
        case 'k':
          return void select(ids[Math.max(0, index - 1)]);
        case 'e': {
          const wrong = ids.filter(
            (id) => atoms.get(id)?.inDoubt != null || /FAILURE$/.test(atoms.get(id)?.state ?? '') || atoms.get(id)?.failure != null,
          );
          return void select(wrong.find((id) => ids.indexOf(id) > index) ?? wrong[0]);
        }
        case 'l':
          return goTo(null);
        case '[':
          return goTo(Math.max(1, (at ?? number) - 1));
        case ']':
          return goTo(at === null || at + 1 >= number ? null : at + 1);
        case 'escape':
          return view.setState({ selected: null, entry: null });
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [goTo, store, view]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.getAttribute('type') !== 'range'))
  );
}
