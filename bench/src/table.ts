// JSON lines of measurements as Markdown tables, one a workload; of several lines of one case the best is shown.

type Measurement = { readonly workload: string; readonly [column: string]: string | number };

/** Columns that say which case a line is of. */
const CASE = ['store', 'shape', 'n', 'concurrency'];
/** The column that decides which of several runs of a case is the best: the first of these that the lines have. */
const LESS_IS_BETTER: { readonly [column: string]: boolean } = { recovered_s: true, total_s: true, total_ms: true, jobs_per_s: false };

const HEADINGS: { readonly [column: string]: string } = {
  concurrency: 'at once',
  steps_per_s: 'steps/s',
  p50_ms: 'p50 ms',
  p99_ms: 'p99 ms',
  cpu_us_per_step: 'CPU µs a step',
  cpu_us_per_post: 'CPU µs a post',
  cpu_us_per_job: 'CPU µs a job',
  bytes_per_step: 'bytes a step',
  rss_mb: 'peak RSS MB',
  loop_max_ms: 'longest turn ms',
  total_s: 'seconds',
  first_ms: 'first ms',
  total_ms: 'ms',
  posts_per_s: 'posts/s',
  jobs_per_s: 'jobs/s',
  recovered_s: 'recovered s',
  opened_s: 'of it, start s',
  driven_s: 'of it, work s',
  killed_after: 'calls before the kill',
  in_flight: 'in flight at the kill',
  ran_twice: 'ran twice',
  page_cold_cpu_ms: 'first page, CPU ms',
  page_cpu_ms: 'page, CPU ms',
  plan_cpu_ms: 'plan, CPU ms',
  refused_cpu_ms: 'refused act, CPU ms',
  signal_cpu_ms: 'signal, CPU ms',
  limit_turns_per_s: 'loop turns/s',
  limit_appends_per_s: 'raw appends/s',
  limit_commits_per_s: 'raw commits/s',
  limit_commit_p50_ms: 'raw commit p50 ms',
};

export function tablesOf(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Measurement);
  const rows = best(lines);
  return [...new Set(rows.map(({ workload }) => workload))]
    .map((name) => `### ${name}\n\n${tableOf(rows.filter(({ workload }) => workload === name))}\n`)
    .join('\n');
}

const BEGIN = '<!-- tables: npm run bench -- --table -->';
const END = '<!-- end of tables -->';

/** The document with these tables between its two markers. */
export function intoDocument(document: string, tables: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The document has no ${BEGIN} and ${END} to write between.`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${tables}\n${document.slice(end)}`;
}

function best(lines: readonly Measurement[]): Measurement[] {
  const cases = new Map<string, Measurement>();
  for (const line of lines) {
    const key = [line.workload, ...CASE.map((column) => line[column])].join(' ');
    const known = cases.get(key);
    if (known === undefined || isBetter(line, known)) cases.set(key, line);
  }
  return [...cases.values()];
}

function isBetter(line: Measurement, known: Measurement): boolean {
  const column = Object.keys(LESS_IS_BETTER).find((candidate) => candidate in line);
  if (column === undefined) return false;
  const gain = Number(known[column]) - Number(line[column]);
  return LESS_IS_BETTER[column] === true ? gain > 0 : gain < 0;
}

function tableOf(rows: readonly Measurement[]): string {
  const columns = [...new Set([...CASE, ...rows.flatMap((row) => Object.keys(row))])].filter(
    (column) => column !== 'workload' && rows.some((row) => column in row),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map((column) => HEADINGS[column] ?? column)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => cell(row[column])))),
  ].join('\n');
}

function cell(value: string | number | undefined): string {
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 3 }) : (value ?? '');
}
