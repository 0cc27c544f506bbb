import type { Failure } from '@windlass/engine/run';
import { JsonView } from '../../../ui/json/json-view.tsx';

/** A failure with its causes, its data and its stack. */
export function FailureCause({ title, failure }: { readonly title: string; readonly failure: Failure }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-11 font-semibold text-fg-3">{title}</h3>
      <pre className="max-h-96 overflow-auto whitespace-pre-wrap wrap-anywhere rounded-2 border border-line bg-sunken px-2.5 py-2 font-mono text-11 text-fg-2">
        {[failure.message, ...(failure.causes ?? []).map((cause) => `  because: ${cause}`)].join('\n')}
      </pre>
      {failure.data !== undefined && (
        <div className="mt-1.5">
          <JsonView value={failure.data} />
        </div>
      )}
      {failure.stack !== undefined && (
        <details className="mt-1.5 text-12">
          <summary className="cursor-pointer text-fg-3 hover:text-fg">Where it was thrown</summary>
          <pre className="mt-1 max-h-64 overflow-auto rounded-2 border border-line bg-sunken px-2.5 py-2 font-mono text-11 text-fg-2">
            {failure.stack}
          </pre>
        </details>
      )}
    </div>
  );
}
