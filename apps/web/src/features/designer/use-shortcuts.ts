import { useEffect } from 'react';

export interface Shortcuts {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly save: () => void;
  readonly deselect: () => void;
}

/** Keys of the designer; ignored while a person types in a field, where the browser's own undo applies. */
export function useShortcuts({ undo, redo, save, deselect }: Shortcuts): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]') !== null;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === 's') act(event, save);
      else if (typing) return;
      else if (command && key === 'z') act(event, event.shiftKey ? redo : undo);
      else if (command && key === 'y') act(event, redo);
      else if (key === 'escape') deselect();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [undo, redo, save, deselect]);
}

function act(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}
