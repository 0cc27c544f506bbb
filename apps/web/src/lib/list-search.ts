// What the address of the jobs list says.

export interface ListSearch {
  /** The text of the search. */
  q?: string;
  order?: 'oldest';
  /** Names of columns in their order, parted by commas. */
  columns?: string;
  /** The number of a bulk act that stands open beside the list, or `all` for a list of them. */
  bulk?: string;
}

export function listSearchOf(search: Record<string, unknown>): ListSearch {
  // A search of digits alone was read as a number.
  const q = typeof search['q'] === 'number' ? String(search['q']) : search['q'];
  const bulk = typeof search['bulk'] === 'number' ? String(search['bulk']) : search['bulk'];
  return {
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(search['order'] === 'oldest' ? { order: 'oldest' } : {}),
    ...(typeof search['columns'] === 'string' ? { columns: search['columns'] } : {}),
    ...(typeof bulk === 'string' && /^(all|[1-9]\d{0,8})$/.test(bulk) ? { bulk } : {}),
  };
}
