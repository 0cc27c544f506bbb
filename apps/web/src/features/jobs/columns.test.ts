import type { JobRow } from '@windlass/engine/run';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { JOB_COLUMNS, type JobColumn, columnsOf } from './columns.tsx';

const textOf = (id: string, row: JobRow) => {
  const column: JobColumn | undefined = JOB_COLUMNS.find((one) => one.id === id);
  return renderToStaticMarkup(column?.cell(row, 0)).replaceAll(/<[^>]*>/g, '');
};

it('T2: what went forward and what needs a person are two columns', () => {
  const row = { forward: 'succeeded', attention: 'revert_failed', run: 'REVERT_FAILED' } as JobRow;
  expect([textOf('forward', row), textOf('attention', row)]).toEqual(['Succeeded', 'A revert failed']);
  expect(columnsOf(undefined).map(({ id }) => id)).toEqual(['job', 'flow', 'state', 'forward', 'attention', 'by', 'posted', 'took']);
});

it('T2: a job that was rolled back out of a pause did not finish, and one that goes on has no forward outcome yet', () => {
  const forward = (run: string) => textOf('forward', { forward: '', run } as JobRow);
  expect(['REVERTING', 'REVERTED', 'PARTIALLY_REVERTED', 'REVERT_FAILED'].map(forward)).toEqual(Array(4).fill('Did not finish'));
  expect(forward('RUNNING')).toBe('–');
});
