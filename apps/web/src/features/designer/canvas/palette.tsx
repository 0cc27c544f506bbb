import { useQuery } from '@tanstack/react-query';
import { PATTERNS, type PatternName, type TaskDescriptor } from '@windlass/engine/definition';
import { Search } from 'lucide-react';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useTRPC } from '../../../lib/trpc.ts';
import { PatternIcon } from '../../../ui/flow/pattern-icon.tsx';
import { TaskIcon } from '../../../ui/flow/task-icon.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useDraft } from '../draft/draft-context.tsx';

/** A palette entry that is being dragged. */
export type PaletteItem =
  | { readonly kind: 'task'; readonly type: string }
  | { readonly kind: 'flow'; readonly pattern: PatternName }
  | { readonly kind: 'subflow'; readonly name: string; readonly flow: string; readonly version: number };

const MIME = 'application/x-windlass-item';

export function carry(event: DragEvent, item: PaletteItem): void {
  event.dataTransfer.setData(MIME, JSON.stringify(item));
  event.dataTransfer.effectAllowed = 'copy';
}

/** The palette entry that was dropped; null when something else was dropped. */
export function carried(event: DragEvent): PaletteItem | null {
  const text = event.dataTransfer.getData(MIME);
  return text === '' ? null : (JSON.parse(text) as PaletteItem);
}

/** Largest number of flows listed; the search finds the others. */
const MOST_FLOWS = 12;
const UNDO_WORDS = { none: 'no effect', reversible: 'revertible', irreversible: 'irreversible', depends: 'by you' } as const;

/** Patterns and task types: drag one onto the canvas, or press Enter to add it to the selected container. */
export function Palette({ types, onAdd }: { readonly types: readonly TaskDescriptor[]; readonly onAdd: (item: PaletteItem) => void }) {
  const [search, setSearch] = useState('');
  const trpc = useTRPC();
  const own = useDraft((state) => state.flow);
  const { data: flows = [] } = useQuery(trpc.flows.list.queryOptions());
  const wanted = search.toLowerCase();
  const fits = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(wanted));
  const groups = [...new Set(types.map(({ group }) => group))];
  return (
    <aside aria-label="Palette" className="flex w-[228px] shrink-0 flex-col overflow-auto border-r border-line bg-surface pb-4">
      <div className="relative m-3 mb-1">
        <Search size={13} className="absolute left-2 top-[7px] text-fg-3" aria-hidden />
        <TextField
          aria-label="Find a task"
          placeholder="Find a task"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="!pl-7"
        />
      </div>
      <Group title="Patterns">
        {Object.values(PATTERNS)
          .filter(({ title, summary }) => fits(title, summary))
          .map(({ name, title, summary }) => (
            <Row
              key={name}
              label={title}
              hint={summary}
              item={{ kind: 'flow', pattern: name }}
              onAdd={onAdd}
              icon={<PatternIcon pattern={name} size={16} />}
            />
          ))}
      </Group>
      {groups.map((group) => (
        <Group key={group} title={group}>
          {types
            .filter((type) => type.group === group && fits(type.title, type.summary, type.type))
            .map((type) => (
              <Row
                key={type.type}
                label={type.title}
                hint={type.summary}
                aside={UNDO_WORDS['kind' in type.effects ? type.effects.kind : 'depends']}
                item={{ kind: 'task', type: type.type }}
                onAdd={onAdd}
                icon={<TaskIcon name={type.icon} />}
              />
            ))}
        </Group>
      ))}
      <Group title="Flows">
        {flows
          .filter(({ id, name, version }) => version > 0 && id !== own && fits(name))
          .slice(0, MOST_FLOWS)
          .map(({ id, name, version }) => (
            <Row
              key={id}
              label={name}
              action={`Add flow ${name}`}
              hint={`“${name}” as one item, pinned to version ${version}`}
              aside={`v${version}`}
              item={{ kind: 'subflow', name, flow: id, version }}
              onAdd={onAdd}
              icon={<TaskIcon name="subflow" />}
            />
          ))}
      </Group>
    </aside>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="px-3.5 pb-1 pt-2.5 text-11 font-semibold text-fg-3">{title}</h2>
      {children}
    </section>
  );
}

interface RowProps {
  readonly label: string;
  /** Accessible name, if it is not “Add” and the label. */
  readonly action?: string;
  readonly hint: string;
  readonly aside?: string;
  readonly item: PaletteItem;
  readonly icon: ReactNode;
  readonly onAdd: (item: PaletteItem) => void;
}

function Row({ label, action = `Add ${label}`, hint, aside, item, icon, onAdd }: RowProps) {
  return (
    <button
      type="button"
      draggable
      title={hint}
      aria-label={action}
      onDragStart={(event) => carry(event, item)}
      onClick={() => onAdd(item)}
      className="flex h-[30px] w-full cursor-grab items-center gap-2 px-3.5 text-left text-12 hover:bg-hover active:cursor-grabbing"
    >
      <span className="text-fg-3">{icon}</span>
      <span className="flex-1 truncate">{label}</span>
      {aside !== undefined && <span className="text-10 text-fg-3">{aside}</span>}
    </button>
  );
}
