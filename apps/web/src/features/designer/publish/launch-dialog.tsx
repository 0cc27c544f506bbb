import { coverageOf, type FlowDefinition, type Json, type JsonObject } from '@windlass/engine/definition';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { sentenceOf, useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { fieldsOf } from '../../../ui/schema-form/schema.ts';
import { SchemaForm } from '../../../ui/schema-form/schema-form.tsx';
import { AbsentNeeds } from './absent-needs.tsx';

export interface LaunchDialogProps {
  readonly flow: string;
  readonly version: number;
  /** Does the draft have changes that the version does not have? */
  readonly dirty: boolean;
  readonly catalog: Catalog;
  readonly onClose: () => void;
}

/** Launches the newest published version with the inputs that the person types. */
export function LaunchDialog({ flow, version, dirty, catalog, onClose }: LaunchDialogProps) {
  const trpc = useTRPC();
  const { data: definition } = useQuery(trpc.flows.version.queryOptions({ flow, version }, { staleTime: Number.POSITIVE_INFINITY }));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Launch version ${version}`}
      {...(dirty ? { description: 'The draft has changes that this version does not have. Publish first to launch them.' } : {})}
    >
      {definition === undefined ? (
        <p className="text-12 text-fg-3">Reading the version…</p>
      ) : (
        <Form flow={flow} version={version} definition={definition} catalog={catalog} />
      )}
    </Dialog>
  );
}

function Form({
  flow,
  version,
  definition,
  catalog,
}: Pick<LaunchDialogProps, 'flow' | 'version' | 'catalog'> & { readonly definition: FlowDefinition }) {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const [given, setGiven] = useState<JsonObject>({});
  // One key for this dialog: a second click, or a request sent twice, launches once.
  const [key] = useState(() => crypto.randomUUID());
  const launch = useMutation(
    trpc.jobs.launch.mutationOptions({
      onSuccess: (answer) => {
        if (answer.kind === 'posted') void navigate({ to: '/jobs/$jobId', params: { jobId: answer.job } });
      },
    }),
  );
  const fields = fieldsOf(definition.inputs);
  const errors =
    launch.data?.kind === 'invalid'
      ? Object.fromEntries(launch.data.problems.map(({ path, message }) => [path.split('.')[0] ?? '', message]))
      : {};
  const general =
    launch.data?.kind === 'invalid'
      ? launch.data.problems.filter(({ path }) => !fields.some(({ name }) => name === path.split('.')[0]))
      : [];
  const { irreversible } = coverageOf(definition, catalog.find);
  const set = (field: string, value: Json | undefined) => {
    const { [field]: _old, ...rest } = given;
    setGiven(value === undefined ? rest : { ...rest, [field]: value });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        launch.mutate({ flow, version, inputs: given, key });
      }}
    >
      {fields.length === 0 ? (
        <p className="mb-3 text-12 text-fg-2">This flow has no inputs.</p>
      ) : (
        <SchemaForm schema={definition.inputs} value={given} onChange={set} errors={errors} />
      )}
      <AbsentNeeds flow={flow} version={version} />
      {irreversible.length > 0 && (
        <div className="mb-3 flex items-start gap-2 rounded-3 border border-line bg-sunken px-3 py-2 text-12">
          <Lock size={14} className="mt-px shrink-0" aria-hidden />
          <div>
            <p>
              Point of no return: <strong className="font-medium">{irreversible[0]?.name}</strong>. After it, a rollback cannot undo every
              effect:
            </p>
            <ul className="mt-1 text-fg-2">
              {irreversible.map(({ item, name, reason }) => (
                <li key={item}>
                  “{name}”: {reason}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {general.map(({ path, message }) => (
        <p key={path} className="mb-2 text-12 text-st-failed-fg">
          {path} {message}
        </p>
      ))}
      {launch.isError && <p className="mb-2 text-12 text-st-failed-fg">{sentenceOf(launch.error)}</p>}
      <div className="flex justify-end">
        <Button look="primary" type="submit" disabled={launch.isPending}>
          Launch job
        </Button>
      </div>
    </form>
  );
}
