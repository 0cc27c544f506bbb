import type { JobRow } from '@windlass/engine/run';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { JOB_COLUMNS, type JobColumn, columnsOf } from './columns.tsx';

it('T2: what went forward and what needs a person are two columns', () => {
  const row = { forward: 'succeeded', attention: 'revert_failed' } as JobRow;
  const text = (id: string) => {
    const column: JobColumn | undefined = JOB_COLUMNS.find((one) => one.id === id);
    return renderToStaticMarkup(column?.cell(row, 0)).replaceAll(/<[^>]*>/g, '');
  };
  expect([text('forward'), text('attention')]).toEqual(['Succeeded', 'A revert failed']);
  expect(columnsOf(undefined).map(({ id }) => id)).toEqual(['job', 'flow', 'state', 'forward', 'attention', 'by', 'posted', 'took']);
});
