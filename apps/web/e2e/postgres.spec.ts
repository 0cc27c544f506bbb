// An incident whose effects are tables in a PostgreSQL database, on a server that keeps its own records there too; where
// one is installed. A failure rolls back by itself; later a job is rolled back by hand, the server killed meanwhile.
import { delimiter } from 'node:path';
import { findPostgres, type Postgres, startPostgres } from '../../../prisma/testing/postgres.ts';
import { type Task, launch } from './launch.ts';
import { expect, test as base, withServer } from './server.ts';

const programs = findPostgres();

const test = base.extend<object, { postgres: Postgres }>({
  postgres: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
    async ({}, use) => {
      const postgres = startPostgres(programs ?? '');
      for (const name of ['windlass_records', 'customers']) await postgres.query('postgres', `CREATE DATABASE ${name}`);
      await use(postgres);
      postgres.stop();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ postgres }, use) => {
      await withServer(use, {
        WINDLASS_EXAMPLES: 'off',
        WINDLASS_COMMANDS: 'psql',
        WINDLASS_DATABASE_URL: postgres.url('windlass_records'),
        PATH: [programs ?? '', process.env['PATH'] ?? ''].join(delimiter),
      });
    },
    { scope: 'worker' },
  ],
});
test.skip(programs === null, 'PostgreSQL is not installed');

const tables = (postgres: Postgres) =>
  postgres.query('customers', "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");

test('R4, B2, A2: tables of a tenant are made, taken back at a failure, and wound back by hand through a kill', async ({
  page,
  server,
  postgres,
}) => {
  const sql = (id: string, apply: string, undo: string): Task => {
    const asked = (text: string) => ({
      program: 'psql',
      args: ['-X', '-v', 'ON_ERROR_STOP=1', '-d', postgres.url('customers'), '-c', text],
    });
    return { id, type: 'command.run', parameters: { ...asked(apply), undo: asked(undo), undoRepeatable: true } };
  };
  const table = (name: string) => sql(name, `CREATE TABLE ${name} (id int)`, `SELECT pg_sleep(1); DROP TABLE IF EXISTS ${name}`);

  const failed = await launch(page, server, {
    name: 'Tenant that fails',
    tasks: [table('accounts'), table('invoices'), sql('seed', 'INSERT INTO nowhere VALUES (1)', 'SELECT 1')],
  });
  await expect(page.getByTestId('forward-badge')).toContainText('seed');
  await expect(page.getByTestId('rollback-badge')).toContainText('Rolled back');
  expect(await tables(postgres)).toEqual([]);
  expect(await postgres.query('windlass_records', `SELECT run FROM job WHERE id = '${failed}'`)).toEqual(['REVERTED']);

  await launch(page, server, { name: 'Tenant', tasks: [table('accounts'), table('invoices'), table('orders')] });
  await expect(page.getByTestId('forward-badge')).toContainText('Succeeded');
  expect(await tables(postgres)).toEqual(['accounts', 'invoices', 'orders']);
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await page.getByRole('button', { name: 'Revert 3 tasks' }).click();
  await expect(page.getByTestId('node-orders')).toHaveAttribute('data-state', 'REVERTED');
  await server.stop('SIGKILL');
  await server.start();
  // A revert may be repeated: whatever was dropped when the server died, everything is gone in the end.
  await expect(page.getByRole('dialog', { name: 'Roll back' })).toContainText('Done as planned.');
  expect(await tables(postgres)).toEqual([]);
  await expect(page.getByTestId('connection')).toContainText('Live');
});
