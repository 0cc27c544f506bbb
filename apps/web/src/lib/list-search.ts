// The search parameters in the address of the jobs list.

export interface ListSearch {
  /** The text of the search. */
  q?: string;
  order?: 'oldest';
  /** Names of columns in order, separated by commas. */
  columns?: string;
  /** The number of the bulk act that is open beside the list, or `all` for the list of bulk acts. */
  bulk?: string;
}

export function listSearchOf(search: Record<string, unknown>): ListSearch {
  // The router reads a search of only digits as a number.
  const q = typeof search['q'] === 'number' ? String(search['q']) : search['q'];
  const bulk = typeof search['bulk'] === 'number' ? String(search['bulk']) : search['bulk'];
  return {
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(search['order'] === 'oldest' ? { order: 'oldest' } : {}),
    ...(typeof search['columns'] === 'string' ? { columns: search['columns'] } : {}),
    ...(typeof bulk === 'string' && /^(all|[1-9]\d{0,8})$/.test(bulk) ? { bulk } : {}),
  };
}
