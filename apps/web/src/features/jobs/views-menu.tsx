// Views saved on the server: a search with its columns and order, for one person or for all people.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, Trash2, Users } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { ListState } from './list-state.ts';

export function ViewsMenu({ text, order, columns, change }: ListState) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const views = useQuery(trpc.views.list.queryOptions());
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const refresh = () => void client.invalidateQueries({ queryKey: trpc.views.pathKey() });
  const save = useMutation(
    trpc.views.save.mutationOptions({
      onSuccess: () => {
        setName('');
        setShared(false);
        refresh();
      },
    }),
  );
  const remove = useMutation(trpc.views.remove.mutationOptions({ onSettled: refresh }));
  const present = views.data?.find((view) => view.search === text && view.order === order && view.columns === (columns ?? ''));
  const error = save.error ?? views.error;
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button>
          <Bookmark size={14} /> <span className="max-w-32 truncate">{present?.name ?? 'Views'}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          aria-label="Saved views"
          className="z-[70] w-72 rounded-3 border border-line bg-surface p-2 text-12 shadow-2"
        >
          {views.data?.length === 0 && (
            <p className="px-2 py-1.5 text-fg-3">No view is saved yet. Search, then save the list below under a name.</p>
          )}
          <ul aria-label="Views" className="max-h-72 overflow-auto">
            {views.data?.map((view) => (
              <li key={view.id} className="flex items-center gap-1">
                <button
                  type="button"
                  title={view.search}
                  aria-current={view.id === present?.id}
                  className="flex h-7 min-w-0 flex-1 items-center gap-2 rounded-2 px-2 text-left hover:bg-hover aria-[current=true]:bg-accent-tint aria-[current=true]:text-accent-fg"
                  onClick={() => {
                    setOpen(false);
                    change({
                      q: view.search,
                      order: view.order === 'oldest' ? 'oldest' : undefined,
                      columns: view.columns === '' ? undefined : view.columns,
                    });
                  }}
                >
                  <span className="truncate">{view.name}</span>
                  {view.isShared && (
                    <Users size={12} role="img" aria-label={`shared by ${view.ownerName}`} className="shrink-0 text-fg-3" />
                  )}
                </button>
                {view.isOwn && (
                  <IconButton label={`Remove the view ${view.name}`} size="small" onClick={() => remove.mutate({ id: view.id })}>
                    <Trash2 size={12} />
                  </IconButton>
                )}
              </li>
            ))}
          </ul>
          <form
            className="mt-2 grid gap-2 border-t border-line px-2 pt-2"
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate({ name, search: text, columns: columns ?? '', order, isShared });
            }}
          >
            <TextField
              aria-label="Name of the view"
              placeholder="Keep this list as…"
              maxLength={80}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
            <div className="flex items-center gap-2">
              <label className="flex flex-1 items-center gap-2">
                <input type="checkbox" checked={isShared} onChange={({ target }) => setShared(target.checked)} /> for everybody
              </label>
              <Button type="submit" look="primary" size="small" disabled={name.trim() === '' || save.isPending}>
                Keep
              </Button>
            </div>
            {error !== null && (
              <p role="alert" className="text-11 text-st-failed-fg">
                {sentenceOf(error)}
              </p>
            )}
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
