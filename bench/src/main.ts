// npm run bench -- W1 W5: one JSON object a line; all workloads without a name. --store=sqlite: only that store.
// --table: reads such lines from stdin and writes Markdown; with the path of a document, into that, between its markers.
// Each case runs in a process of its own, so that its memory is its own.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STORES, storeNamed } from './stores.ts';
import { intoDocument, tablesOf } from './table.ts';
import { w1 } from './w1.ts';
import { w2 } from './w2.ts';
import { w3 } from './w3.ts';
import { runToTheEnd, w4forward, w4revert } from './w4.ts';
import { w7 } from './w7.ts';
import { w8 } from './w8.ts';
import { w5forward, w5revert } from './w5.ts';
import type { Case, Workload } from './workload.ts';

const WORKLOADS: readonly Workload[] = [w1, w2, w3, w4forward, w4revert, w5forward, w5revert, w7, w8];

const [first = '', second = '', third = ''] = process.argv.slice(2);
switch (first) {
  case '--one':
    await runOne(second, JSON.parse(third) as Case);
    break;
  case '--to-the-end':
    await runToTheEnd(JSON.parse(second) as Parameters<typeof runToTheEnd>[0]);
    break;
  case '--table':
    show(tablesOf(await textOf(process.stdin)), second);
    break;
  default:
    runNamed(process.argv.slice(2));
}

async function runOne(name: string, one: Case): Promise<void> {
  const workload = WORKLOADS.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`There is no workload ${name}.`);
  const store = storeNamed(one.store);
  const limits = await store.limit();
  const place = await store.place();
  try {
    console.log(JSON.stringify({ workload: name, ...one, ...(await workload.run(one, store, place)), ...limits }));
  } finally {
    await place.remove();
  }
}

function runNamed(words: readonly string[]): void {
  const only = words.find((word) => word.startsWith('--store='))?.slice('--store='.length);
  const named = words.filter((word) => !word.startsWith('--'));
  const unknown = named.filter((name) => !WORKLOADS.some((workload) => workload.name === name));
  if (unknown.length > 0) {
    console.error(`There is no workload ${unknown.join(', ')}; workloads: ${WORKLOADS.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  const stores = only === undefined ? STORES : [storeNamed(only)];
  for (const workload of WORKLOADS) {
    if (named.length > 0 && !named.includes(workload.name)) continue;
    for (const one of stores.flatMap((store) => workload.cases(store))) {
      const program = [...process.execArgv, fileURLToPath(import.meta.url), '--one', workload.name, JSON.stringify(one)];
      execFileSync(process.execPath, program, { stdio: ['ignore', 'inherit', 'inherit'] });
    }
  }
}

function show(tables: string, document: string): void {
  if (document === '') process.stdout.write(tables);
  else writeFileSync(document, intoDocument(readFileSync(document, 'utf8'), tables));
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}
