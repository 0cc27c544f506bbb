import type { Failure } from '@windlass/engine/run';
import { JsonView } from '../../ui/json-view.tsx';

/** A failure with the chain of what caused it, and what came with it. */
export function FailureCause({ title, failure }: { readonly title: string; readonly failure: Failure }) {
  return (
    <div>
      <h3 className="mb-1 text-11 font-semibold text-fg-3">{title}</h3>
      <pre className="whitespace-pre-wrap break-words rounded-2 border border-line bg-sunken px-2.5 py-2 font-mono text-11 text-fg-2">
        {[failure.message, ...(failure.causes ?? []).map((cause) => `  because: ${cause}`)].join('\n')}
      </pre>
      {failure.data !== undefined && (
        <div className="mt-1.5">
          <JsonView value={failure.data} />
        </div>
      )}
    </div>
  );
}
