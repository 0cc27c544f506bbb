// The table of the engine's rooms in docs/architecture.md names every folder of the engine, and no other.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const page = readFileSync(join(import.meta.dirname, 'architecture.md'), 'utf8');
const source = join(import.meta.dirname, '../packages/engine/src');
/** Described below the table. */
const BESIDE = ['exports', 'testing'];

it('the table of rooms names every folder of the engine', () => {
  const named = [...page.matchAll(/^\| \d \| `([a-z]+)` \|/gm)].map(([, room]) => room);
  const folders = readdirSync(source, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  expect([...named, ...BESIDE].sort()).toEqual(folders.sort());
});
