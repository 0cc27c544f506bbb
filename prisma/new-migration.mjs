// npm run migration -- add_labels: writes the SQL from the models as the last migration left them to the models as they
// are, for both providers. Read it before committing: indexes that Prisma cannot express are added by hand.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { providers, schemaFor } from './make-schemas.mjs';
import { sqlBetween } from './schema-diff.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [name] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(name ?? '')) fail('Name the migration in lower case, such as: npm run migration -- add_labels');
if (git('status', '--porcelain', '--', ...providers.map((provider) => `prisma/${provider}/migrations`)) !== '') {
  fail('There is a migration that is not committed yet; commit or remove it first.');
}

const written = [];
for (const provider of providers) {
  const sql = await sqlBetween(provider, schemaOfLastMigration(provider), schemaFor(provider));
  if (sql !== '') written.push({ file: join(here, provider, 'migrations', `${nextNumber(provider)}_${name}`, 'migration.sql'), sql });
}
if (written.length === 0) fail('The models are as the last migration left them; change prisma/models.prisma first.');
for (const { file, sql } of written) {
  if (existsSync(file)) fail(`${file} is there already.`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, sql);
  console.log(`wrote ${relative(process.cwd(), file)}`);
}
if (written.some(({ sql }) => sql.includes('-- RedefineTables'))) {
  console.log(
    'SQLite rebuilds tables here. That drops their hand-made indexes (make them again, or use ALTER TABLE ADD COLUMN), and a rebuilt table must have no rows of others that cascade from it: foreign keys cannot be switched off inside a transaction.',
  );
}
console.log('Read the SQL, then: npm run generate');

/** The schema in the commit that last touched the migrations, which prisma/migrations.test.ts holds to them. */
function schemaOfLastMigration(provider) {
  const commit = git('log', '-1', '--format=%H', '--', `prisma/${provider}/migrations`);
  return commit === '' ? null : git('show', `${commit}:prisma/${provider}/schema.prisma`);
}

function nextNumber(provider) {
  const numbers = readdirSync(join(here, provider, 'migrations')).map((folder) => Number.parseInt(folder, 10) || 0);
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: join(here, '..'), encoding: 'utf8' });
  if (status !== 0) fail(`The models of the last migration are read from git, which says: ${stderr.trim()}`);
  return stdout.trim();
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
