// npm run bench:web: the web app in a real browser against a real server (W6), one JSON object a line. What the machine
// does without the program stands beside it: the frame rate of an empty page.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searching } from './bench-jobs.mjs';
import { findBrowser } from './find-browser.mjs';
import { setUp } from './setup.mjs';
import { home, speakOn } from './steps.mjs';

speakOn(process.stderr);
await setUp();
const { chromium } = await import('@playwright/test');

/** A site that takes 10 ms to answer, so that a run of requests writes about 200 entries a second. */
const site = createServer((_request, response) => setTimeout(() => response.end('ok'), 10));
await new Promise((ready) => site.listen(0, '127.0.0.1', ready));
const place = `127.0.0.1:${site.address().port}`;

const data = mkdtempSync(join(tmpdir(), 'windlass-bench-web-'));
const server = spawn(process.execPath, [join(home, 'apps/server/dist/main.js'), '--no-open'], {
  env: { ...process.env, WINDLASS_DATA: data, WINDLASS_PORT: '0', WINDLASS_EXAMPLES: 'off', WINDLASS_HTTP_ALLOW: place },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const address = await new Promise((ready) =>
  server.stdout.on('data', (chunk) => /ready: (\S+)/.exec(chunk)?.[1] && ready(/ready: (\S+)/.exec(chunk)[1])),
);
const executablePath = (await findBrowser()) || undefined;
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const say = (measure, figures) => console.log(JSON.stringify({ workload: 'W6', measure, ...figures }));

try {
  await page.goto(address);
  const { origin } = new URL(address);
  const limit = await emptyFrames();
  const long = await launch(flowOf('Long', forEach(8_400, 3)));
  await ended(long, 120_000);
  await opening(origin, long, limit);
  await scrolling(limit);
  const live = await launch(flowOf('Live', forEach(3_000, 1, 1, { type: 'http.request', parameters: { url: `http://${place}/` } })));
  await following(origin, live, limit);
  const wide = await launch(
    flowOf('Wide', { ...container('wide', 'unordered', taskList(2_000, 'http.request', { url: `http://${place}/` })), limit: 4 }),
  );
  await repainting(origin, wide, limit);
  await searching(browser, (figures) => say('search 1,000,000 jobs', { ...figures, ...limit }));
} finally {
  await browser.close();
  server.kill('SIGTERM');
  site.close();
  await new Promise((gone) => server.on('close', gone));
  rmSync(data, { recursive: true, force: true });
}

function container(id, pattern, items) {
  return { kind: 'flow', id, name: id, pattern, items };
}

function taskList(count, type = 'values.set', parameters = { values: { a: 1 } }) {
  return Array.from({ length: count }, (_, index) => ({ kind: 'task', id: `t${index}`, name: `Task ${index}`, type, parameters }));
}

function forEach(elements, tasks, limit = 100, task = {}) {
  const items = taskList(tasks).map((one) => ({ ...one, ...task }));
  const list = { from: 'constant', value: Array.from({ length: elements }, (_, index) => index) };
  return { ...container('each', 'linear', items), pattern: 'for_each', forEach: { list }, limit };
}

function flowOf(name, item) {
  return { schemaVersion: 1, name, root: container('root', 'linear', [item]) };
}

async function call(procedure, input) {
  const answer = await page.request.post(`${new URL(page.url()).origin}/trpc/${procedure}`, { data: input });
  const { result, error } = await answer.json();
  if (result === undefined) throw new Error(`${procedure}: ${error?.message}`);
  return result.data;
}

async function launch(document) {
  const { flow, problems } = await call('flows.import', { document: JSON.stringify(document) });
  if (flow === undefined) throw new Error(JSON.stringify(problems));
  await call('flows.publish', { flow, revision: 1, note: '' });
  return (await call('jobs.launch', { flow, version: 1, inputs: {} })).job;
}

async function rowOf(job) {
  const input = encodeURIComponent(JSON.stringify({ limit: 200 }));
  const answer = await page.request.get(`${new URL(page.url()).origin}/trpc/jobs.list?input=${input}`);
  return (await answer.json()).result.data.rows.find(({ id }) => id === job);
}

async function ended(job, within) {
  for (const until = Date.now() + within; Date.now() < until; ) {
    if ((await rowOf(job)).state === 'COMPLETE') return;
    await page.waitForTimeout(200);
  }
  throw new Error(`${job} has not ended in ${within} ms.`);
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
}

/** Times between frames over so long. */
function frames(ms) {
  return page.evaluate(
    (forMs) =>
      new Promise((done) => {
        const times = [];
        let last = performance.now();
        const until = last + forMs;
        const tick = (now) => {
          times.push(now - last);
          last = now;
          if (now < until) requestAnimationFrame(tick);
          else done(times);
        };
        requestAnimationFrame(tick);
      }),
    ms,
  );
}

async function emptyFrames() {
  const blank = await browser.newPage();
  const times = await blank.evaluate(
    () =>
      new Promise((done) => {
        const all = [];
        let last = performance.now();
        const tick = (now) => {
          all.push(now - last);
          last = now;
          if (all.length < 100) requestAnimationFrame(tick);
          else done(all);
        };
        requestAnimationFrame(tick);
      }),
  );
  await blank.close();
  return { limit_frame_p50_ms: quantile(times, 0.5), limit_frame_p95_ms: quantile(times, 0.95) };
}

/** From the navigation to the first rows of a logbook of 50,000 entries, and to the state of the run. */
async function opening(origin, job, limit) {
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    await page.goto(`${origin}/jobs`);
    await page.waitForTimeout(300);
    const began = Date.now();
    await page.goto(`${origin}/jobs/${job}`, { waitUntil: 'commit' });
    await page.getByRole('region', { name: 'Logbook' }).getByText('Job complete').or(page.getByText('complete').first()).first().waitFor();
    await page.getByTestId('forward-badge').waitFor();
    times.push(Date.now() - began);
  }
  const entries = await page.evaluate(() => Number(/of ([\d,.\s]+)/.exec(document.body.textContent)?.[1]?.replace(/\D/g, '') ?? 0));
  say('open a long logbook', { entries, first_ms: times[0], p50_ms: quantile(times, 0.5), ...limit });
}

/** Frames while the logbook is scrolled, pages of older entries coming in. */
async function scrolling(limit) {
  const box = await page.getByRole('region', { name: 'Logbook' }).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const measuring = frames(4_000);
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(50);
  }
  const times = await measuring;
  say('scroll a long logbook', {
    frame_p50_ms: quantile(times, 0.5),
    frame_p95_ms: quantile(times, 0.95),
    frame_max_ms: quantile(times, 1),
    ...limit,
  });
}

/** A run that writes about 200 entries a second: the share of a core, and how long a committed entry takes to the screen. */
async function following(origin, job, limit) {
  await page.goto(`${origin}/jobs/${job}`);
  await page.getByTestId('forward-badge').waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const busy = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  await page.evaluate(() => {
    const seen = new Map();
    window.__seen = seen;
    const region = document.querySelector('section[aria-label="Logbook"]');
    new MutationObserver(() => {
      const now = Date.now();
      for (const cell of region.querySelectorAll('button > span:first-child')) {
        const number = Number(cell.textContent);
        if (number > 0 && !seen.has(number)) seen.set(number, now);
      }
    }).observe(region, { childList: true, subtree: true, characterData: true });
  });
  const [before, began] = [await busy(), Date.now()];
  const times = await frames(5_000);
  const share = (await busy()) - before;
  const seconds = (Date.now() - began) / 1_000;
  const seen = await page.evaluate(() => [...window.__seen]);
  const first = Math.min(...seen.map(([number]) => number));
  const input = encodeURIComponent(JSON.stringify({ job, after: first - 1, limit: 500 }));
  const entries = (await (await page.request.get(`${origin}/trpc/logbook.page?input=${input}`)).json()).result.data;
  const timeOf = new Map(entries.map(({ number, time }) => [number, time]));
  // Those that stood there when the watching began do not count.
  const late = seen.flatMap(([number, at]) => (timeOf.has(number) && number > first + 40 ? [at - timeOf.get(number)] : []));
  say('follow a run', {
    entries_per_s: Math.round(seen.length / seconds),
    core_share: Math.round((share / seconds) * 100) / 100,
    frame_p95_ms: quantile(times, 0.95),
    commit_to_screen_p50_ms: quantile(late, 0.5),
    commit_to_screen_p95_ms: quantile(late, 0.95),
    ...limit,
  });
}

/** A run of 2,000 tasks that is drawn while it runs. */
async function repainting(origin, job, limit) {
  await page.goto(`${origin}/jobs/${job}`);
  await page.getByTestId('forward-badge').waitFor();
  await page.waitForTimeout(2_000);
  const times = await frames(4_000);
  say('repaint 2,000 tasks', {
    frame_p50_ms: quantile(times, 0.5),
    frame_p95_ms: quantile(times, 0.95),
    frame_max_ms: quantile(times, 1),
    ...limit,
  });
}
