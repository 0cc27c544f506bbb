// Part of npm run bench:web: the jobs list over 1,000,000 jobs in SQLite, on a server of its own. From the Enter key in
// the search box to the first rows on the screen, and to the count beside them.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { home } from './steps.mjs';

const JOBS = 1_000_000;
const ROUNDS = 5;
const BEGAN = 1_790_000_000_000;
const FLOWS = Array.from({ length: 40 }, (_, index) => ({ id: `flow_${String(index).padStart(12, '0')}`, name: `Flow ${index}` }));

/** Common, rare and absent values, alone and together; half of the jobs are of Flow 0, nine in ten have succeeded. */
const SEARCHES = [
  '',
  'state:succeeded',
  'state:failed',
  'state:revert-failed',
  'state:partially-reverted',
  'flow:"Flow 0"',
  'flow:"Flow 7"',
  'by:schedule',
  'flow:"Flow 0" state:failed',
  'flow:"Flow 0" version:3 by:schedule state:succeeded',
  'version:99',
  'input.region:eu',
  'input.ticket:T-4711',
  'input.region:eu state:failed',
  'T-4711',
];

/** Says one line a search. */
export async function searching(browser, say) {
  const data = mkdtempSync(join(tmpdir(), 'windlass-bench-jobs-'));
  try {
    await (await startOn(data)).stop();
    const filled = fill(join(data, 'windlass.db'));
    const server = await startOn(data);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    try {
      await page.goto(server.address);
      await page.goto(`${new URL(server.address).origin}/jobs`);
      await page.getByRole('row').nth(5).waitFor();
      for (const search of SEARCHES) say({ jobs: JOBS, search, ...(await timesOf(page, search)), fill_s: filled });
    } finally {
      await page.close();
      await server.stop();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function timesOf(page, search) {
  const box = page.getByRole('textbox', { name: 'Search jobs' });
  const [rows, counts] = [[], []];
  let found = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    // A page that knows no answer yet.
    await page.goto(`${new URL(page.url()).origin}/jobs?q=${encodeURIComponent('version:98 by:nobody')}`);
    await page.getByText('No job is found by this search').waitFor();
    await box.fill(search);
    await page.evaluate(() => {
      window.__began = null;
      addEventListener('keydown', () => (window.__began = performance.now()), { once: true, capture: true });
      const since = (done) => requestAnimationFrame(() => done(performance.now() - window.__began));
      const when = (isThere) =>
        new Promise((done) => {
          const look = () => (window.__began !== null && isThere() ? since(done) : requestAnimationFrame(look));
          look();
        });
      const isAsked = () => new URLSearchParams(location.search).get('q') !== 'version:98 by:nobody';
      const text = () => document.querySelector('[data-testid=found]').textContent;
      const hasRows = () => document.querySelector('[data-testid^=job-]') !== null;
      window.__rows = when(() => isAsked() && (hasRows() || /^0 jobs/.test(text())));
      window.__count = when(() => isAsked() && /job/.test(text()));
    });
    await box.press('Enter');
    rows.push(await page.evaluate(() => window.__rows));
    counts.push(await page.evaluate(() => window.__count));
    found = await page.getByTestId('found').textContent();
  }
  const middle = (times) => Math.round([...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]);
  // The server keeps a count that was costly for a while, hence the first one says what it costs.
  return { found, rows_p50_ms: middle(rows), rows_max_ms: Math.round(Math.max(...rows)), count_first_ms: Math.round(counts[0]) };
}

async function startOn(data) {
  const child = spawn(process.execPath, [join(home, 'apps/server/dist/main.js'), '--no-open'], {
    env: { ...process.env, WINDLASS_DATA: data, WINDLASS_PORT: '0', WINDLASS_EXAMPLES: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((ready) =>
    child.stdout.on('data', (chunk) => /ready: (\S+)/.exec(chunk)?.[1] && ready(/ready: (\S+)/.exec(chunk)[1])),
  );
  const stop = () =>
    new Promise((gone) => {
      child.on('close', gone);
      child.kill('SIGTERM');
    });
  return { address, stop };
}

/** Rows as the server writes them; the seconds that it took. */
function fill(file) {
  const began = Date.now();
  const database = new Database(file);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const addFlow = database.prepare(
    `INSERT INTO flow (id, name, pattern, draft, revision, updated_at, updated_by) VALUES (?, ?, 'linear', ?, 1, ?, 'bench')`,
  );
  for (const { id, name } of FLOWS) addFlow.run(id, name, JSON.stringify({ schemaVersion: 1, name }), BEGAN);
  const addJob = database.prepare(
    `INSERT INTO job (id, flow_id, version, flow_name, state, run, attention, forward, priority, posted_at, posted_by, started_at, ended_at, token)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, 1)`,
  );
  const addInput = database.prepare('INSERT INTO job_input (name, value, posted_at, job) VALUES (?, ?, ?, ?)');
  let seed = 42;
  const chance = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 4_294_967_296;
  };
  for (let index = 1; index <= JOBS; index += 1) {
    const flow = FLOWS[chance() < 0.5 ? 0 : 1 + Math.floor(chance() * (FLOWS.length - 1))];
    const lot = chance();
    const run = lot < 0.9 ? 'SUCCESS' : lot < 0.95 ? 'FAILURE' : lot < 0.9999 ? 'REVERTED' : 'REVERT_FAILED';
    const isStuck = run === 'REVERT_FAILED';
    const at = BEGAN + index * 1_000;
    addJob.run(
      `job_${index.toString(32).padStart(12, '0')}`,
      ...[flow.id, 1 + Math.floor(chance() * 5), flow.name, isStuck ? 'WAITING' : 'COMPLETE', run, isStuck ? 'revert_failed' : null],
      ...[
        run === 'SUCCESS' ? 'succeeded' : 'failed at build',
        at,
        chance() < 0.6 ? 'schedule' : `person${Math.floor(chance() * 30)}`,
        at,
        at + 5_000,
      ],
    );
    addInput.run('region', ['eu', 'us', 'ap', 'sa', 'af'][Math.floor(chance() * 5)], at, index);
    addInput.run('ticket', `T-${index}`, at, index);
  }
  database.exec('COMMIT');
  database.close();
  return Math.round((Date.now() - began) / 1_000);
}
