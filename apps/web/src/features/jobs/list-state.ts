// The address holds the state of the list, so that a person can store it, send it and return to it.
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ListSearch } from '../../lib/list-search.ts';

export interface ListState {
  readonly text: string;
  readonly order: 'newest' | 'oldest';
  readonly columns: string | undefined;
  readonly bulk: string | undefined;
  readonly change: (part: { readonly [Key in keyof ListSearch]?: ListSearch[Key] | undefined }) => void;
}

export function useListState(): ListState {
  const { q = '', order = 'newest', columns, bulk } = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    text: q,
    order,
    columns,
    bulk,
    change: (part) => void navigate({ to: '.', search: (before) => withoutEmpty({ ...before, ...part }) }),
  };
}

function withoutEmpty(search: { readonly [Key in keyof ListSearch]?: ListSearch[Key] | undefined }): ListSearch {
  const { q, order, columns, bulk } = search;
  return {
    ...(q === undefined || q === '' ? {} : { q }),
    ...(order === undefined ? {} : { order }),
    ...(columns === undefined ? {} : { columns }),
    ...(bulk === undefined ? {} : { bulk }),
  };
}
