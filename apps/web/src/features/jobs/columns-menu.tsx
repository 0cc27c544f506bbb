import { Columns3 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { Button } from '../../ui/button.tsx';
import { JOB_COLUMNS, columnsOf, columnsText } from './columns.tsx';

export interface ColumnsMenuProps {
  readonly columns: string | undefined;
  readonly onChange: (columns: string | undefined) => void;
}

/** Chooses the columns of the list. A newly chosen column is added at the end. */
export function ColumnsMenu({ columns, onChange }: ColumnsMenuProps) {
  const shown = columnsOf(columns);
  const toggle = (id: string) => {
    const others = shown.filter((column) => column.id !== id);
    onChange(columnsText(others.length < shown.length ? others : [...shown, { id }]));
  };
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button>
          <Columns3 size={14} /> Columns
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          aria-label="Columns"
          className="z-[70] w-52 rounded-3 border border-line bg-surface p-2 text-12 shadow-2"
        >
          {JOB_COLUMNS.map(({ id, label }) => (
            <label key={id} className="flex h-7 items-center gap-2 rounded-2 px-2 hover:bg-hover">
              <input
                type="checkbox"
                checked={shown.some((column) => column.id === id)}
                disabled={id === 'job'}
                onChange={() => toggle(id)}
              />
              {label}
            </label>
          ))}
          <Button look="quiet" size="small" className="mt-1 w-full" disabled={columns === undefined} onClick={() => onChange(undefined)}>
            The usual ones
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
