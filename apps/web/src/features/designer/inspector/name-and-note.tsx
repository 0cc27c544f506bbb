// The fields that a task and a subflow have in common. Each writes to the draft itself.
import type { SubflowItem, TaskItem } from '@windlass/engine/definition';
import { Field } from '../../../ui/field.tsx';
import { TextArea, TextField } from '../../../ui/text-field.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateItem } from '../draft/edits.ts';

interface OfItem {
  readonly item: TaskItem | SubflowItem;
}

export function NameField({ item }: OfItem) {
  const store = useDraftStore();
  const rename = (name: string) =>
    store.getState().change('Rename', (now) => updateItem(now, item.id, (one) => ({ ...one, name })), `${item.id}.name`);
  return (
    <Field label="Name" required>
      {(control) => <TextField {...control} value={item.name} maxLength={200} onChange={(event) => rename(event.target.value)} />}
    </Field>
  );
}

export function NoteField({ item }: OfItem) {
  const store = useDraftStore();
  const write = (note: string) =>
    store.getState().change('Note', (now) => updateItem(now, item.id, (one) => ({ ...one, note })), `${item.id}.note`);
  return (
    <Field label="Note">
      {(control) => <TextArea {...control} rows={2} value={item.note ?? ''} onChange={(event) => write(event.target.value)} />}
    </Field>
  );
}
