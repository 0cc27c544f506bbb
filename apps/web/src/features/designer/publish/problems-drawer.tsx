import type { Fix, FlowDefinition, Problem } from '@windlass/engine/definition';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { limitRetry } from '../draft/constructs.ts';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { bind, itemOf, removeItems, setParameter, updateItem, updateTask } from '../draft/edits.ts';
import { connect } from '../draft/links.ts';

/** The problems, each with its item and, if there is one, a button for the fix. */
export function ProblemsDrawer({ problems }: { readonly problems: readonly Problem[] }) {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  return (
    <section aria-label="Problems" className="max-h-44 shrink-0 overflow-auto border-t border-line bg-surface">
      <h2 className="sticky top-0 flex h-8 items-center bg-surface px-3.5 text-12 font-medium">
        Problems {problems.length > 0 && problems.length}
      </h2>
      {problems.length === 0 && (
        <p className="flex items-center gap-2 px-3.5 pb-2.5 text-12 text-fg-3">
          <CircleCheck size={14} aria-hidden /> No problem prevents publishing this flow.
        </p>
      )}
      <ul>
        {problems.map((problem) => {
          const { item, fix } = problem;
          return (
            <li
              key={`${item}${problem.code}${problem.field ?? ''}${problem.message}`}
              className="flex min-h-8 flex-wrap items-center gap-x-2 border-t border-line px-3.5 py-1 text-12"
            >
              <TriangleAlert size={14} className="shrink-0 text-st-doubt-fg" aria-hidden />
              {item !== null && (
                <button
                  type="button"
                  className="min-w-0 max-w-[80%] text-left font-medium hover:underline"
                  onClick={() => store.getState().select([item])}
                >
                  {itemOf(definition, item)?.name ?? item}
                </button>
              )}
              <span className="min-w-[min(12rem,100%)] flex-1">{problem.message}</span>
              {fix !== undefined && (
                <Button
                  size="small"
                  className="!h-auto min-h-6 max-w-full !shrink py-0.5 text-left !whitespace-normal"
                  onClick={() => store.getState().change(fix.label, (now) => applyFix(now, fix))}
                >
                  {fix.label}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function applyFix(definition: FlowDefinition, fix: Fix): FlowDefinition {
  switch (fix.kind) {
    case 'removeLink':
      return removeItems(definition, new Set([fix.link]));
    case 'removeBinding':
      return bind(definition, fix.item, { field: fix.field, binding: undefined });
    case 'removeParameter':
      return setParameter(definition, fix.item, { field: fix.field, value: undefined });
    case 'addLink': {
      const linked = connect(definition, { from: fix.from, to: fix.to });
      return linked.kind === 'linked' ? linked.definition : definition;
    }
    case 'limitRetry':
      return limitRetry(definition, fix.item, fix.attempts);
    case 'setJoin':
      return updateItem(definition, fix.item, (item) => ({ ...item, join: fix.join }));
    case 'setType':
      return updateTask(definition, fix.item, (task) => ({ ...task, type: fix.type, typeVersion: fix.version }));
  }
}
