import type { ReactNode } from 'react';

export interface InspectorHeadProps {
  readonly icon: ReactNode;
  readonly name: string;
  /** The kind of the inspected thing, in a line below its name. */
  readonly kind: string;
  readonly action?: ReactNode;
}

/** The head of every inspector of the designer. */
export function InspectorHead({ icon, name, kind, action }: InspectorHeadProps) {
  return (
    <header className="flex items-center gap-2.5 px-4 py-3">
      <span className="grid size-7 shrink-0 place-items-center rounded-2 bg-sunken text-fg-2">{icon}</span>
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-13 font-semibold">{name}</h2>
        <p className="truncate text-11 text-fg-3">{kind}</p>
      </div>
      {action}
    </header>
  );
}
