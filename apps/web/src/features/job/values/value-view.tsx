// Inputs and outputs as the job page shows them. A value over 8 KB is loaded when a person asks for it: a page with hundreds
// of them would be hundreds of megabytes.
import type { Json } from '@windlass/engine/definition';
import type { StoredValue } from '@windlass/engine/run';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { sentenceOf, useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { JsonView } from '../../../ui/json/json-view.tsx';

/** A value as JSON text. `at` is set for a large value. */
export function ValueView({
  job,
  value,
  at,
  empty,
}: {
  readonly job: string;
  readonly value: unknown;
  readonly at: StoredValue | null | undefined;
  readonly empty?: string;
}) {
  if (at == null) return <JsonView value={value} {...(empty === undefined ? {} : { empty })} />;
  return (
    <LoadedValue job={job} at={at} button="Show it">
      {(loaded) => <JsonView value={loaded} />}
    </LoadedValue>
  );
}

/** What `children` make of a large value, once a person has asked for it. */
export function LoadedValue({
  job,
  at,
  label,
  button,
  children,
}: {
  readonly job: string;
  readonly at: StoredValue;
  /** Shown until the value is; a field with the value has its own. */
  readonly label?: string;
  /** Words of the button that loads it. */
  readonly button: string;
  readonly children: (value: Json) => ReactNode;
}) {
  const trpc = useTRPC();
  const [wanted, setWanted] = useState(false);
  // An entry never changes, so neither does its value.
  const { data, error } = useQuery(trpc.logbook.value.queryOptions({ job, at }, { enabled: wanted, staleTime: Infinity, gcTime: 60_000 }));
  if (data !== undefined) return children(data.value);
  return (
    <div className={label === undefined ? '' : 'mb-3.5'}>
      {label !== undefined && <p className="mb-1 text-12 font-medium">{label}</p>}
      {error === null ? (
        <p className="flex flex-wrap items-center gap-2 text-12 text-fg-2">
          A large value of {at.size.toLocaleString()} characters, in entry {at.entry} of the logbook.
          <Button size="small" disabled={wanted} onClick={() => setWanted(true)}>
            {wanted ? 'Loading…' : button}
          </Button>
        </p>
      ) : (
        <p role="alert" className="text-12 text-st-failed-fg">
          {sentenceOf(error)}
        </p>
      )}
    </div>
  );
}
