// Settings of the whole flow: its description, its policy on failure, the deadline of a run.
import { Field } from '../../../ui/field.tsx';
import { DurationField } from '../../../ui/duration-field.tsx';
import { Select, TextArea } from '../../../ui/text-field.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';

export function FlowSettings() {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  return (
    <>
      <Field label="Description">
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            value={definition.description ?? ''}
            onChange={(event) =>
              store.getState().change('Description', (now) => ({ ...now, description: event.target.value }), 'description')
            }
          />
        )}
      </Field>
      <Field label="On failure">
        {(control) => (
          <Select
            {...control}
            value={definition.onFailure}
            onChange={(event) =>
              store.getState().change('On failure', (now) => ({ ...now, onFailure: event.target.value === 'hold' ? 'hold' : 'revert' }))
            }
          >
            <option value="revert">Roll everything back</option>
            <option value="hold">Hold for a person to choose</option>
          </Select>
        )}
      </Field>
      <Field label="What still runs then">
        {(control) => (
          <Select
            {...control}
            value={definition.abortOnFailure ? 'abort' : 'await'}
            onChange={(event) =>
              store.getState().change('What still runs then', (now) => ({ ...now, abortOnFailure: event.target.value === 'abort' }))
            }
          >
            <option value="await">Is awaited</option>
            <option value="abort">Is aborted</option>
          </Select>
        )}
      </Field>
      <Field label="Deadline of a run" hint="Counted from the start of the run; then the run fails. Empty: no deadline.">
        {(control) => (
          <DurationField
            control={control}
            label="Deadline of a run"
            least={1}
            value={definition.timeLimitMs}
            onChange={(ms) =>
              store
                .getState()
                .change(
                  'Deadline',
                  ({ timeLimitMs: _old, ...now }) => (ms === undefined ? now : { ...now, timeLimitMs: ms }),
                  'timeLimitMs',
                )
            }
          />
        )}
      </Field>
    </>
  );
}
