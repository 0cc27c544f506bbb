// Two compiled flows have one fingerprint only if a checkpoint of the one fits the other.
import { expect, it } from 'vitest';
import type { FlowItem } from '../../definition/schema.ts';
import { atOnce } from '../../slices.ts';
import { fakeCatalog, flow, graph, linear, task, unordered } from '../../testing/flows.ts';
import { typesFromCatalog } from './atom-types.ts';
import { compileFlow } from './compiler.ts';
import { fingerprintInSlices } from './flow-fingerprint.ts';

const of = (root: FlowItem) => atOnce(fingerprintInSlices(compileFlow(flow(root), typesFromCatalog(fakeCatalog))));
const tasks = () => ['a', 'b', 'c', 'd'].map((id) => task(id));
const decided = ({ links, ...rest }: FlowItem): FlowItem => ({ ...rest, links: links.map((link) => ({ ...link, decider: 'true' })) });
const drawn = () => graph('root', tasks(), ['a>c', 'b>d']);

const OTHERS: Record<string, () => FlowItem> = {
  'links between other tasks, as many before and after each': () => graph('root', tasks(), ['a>d', 'b>c']),
  'a link less': () => graph('root', tasks(), ['a>c']),
  'a condition on each link': () => decided(drawn()),
  'another address': () => graph('root', [...tasks().slice(0, 3), task('e')], ['a>c', 'b>e']),
  'another priority': () => graph('root', [...tasks().slice(0, 3), task('d', { priority: 3 })], ['a>c', 'b>d']),
  'a resource with stages in place of a task': () => graph('root', [...tasks().slice(0, 3), task('d', { type: 'leased' })], ['a>c', 'b>d']),
  'another pattern': () => linear('root', tasks()),
};

it.each(Object.entries(OTHERS))('a flow with %s has another fingerprint', (_, other) => {
  expect(of(other())).not.toBe(of(drawn()));
});

it('a container with another limit has another fingerprint', () => {
  expect(of(unordered('root', tasks(), 2))).not.toBe(of(unordered('root', tasks(), 3)));
});

it('the same flow, compiled again, has the same fingerprint', () => {
  expect(of(drawn())).toBe(of(drawn()));
});
