// Resources with one fault each, run against a world that really changes: each fault is reported, and a correct one has none.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ResourceSpec, defineResource } from '../task/define-resource.ts';
import { TaskError } from '../failure/failure.ts';
import type { TaskContext } from '../task/task.ts';
import { checkTask } from './check-task.ts';

/** Plots of land, by the key with which they were taken. */
interface World {
  readonly plots: Map<string, { fenced?: string; open?: true }>;
}
type Context = TaskContext<World>;

const input = z.object({ fence: z.string().meta({ title: 'Fence' }) });
const output = z.object({ plot: z.string().meta({ title: 'Plot' }), fence: z.string().meta({ title: 'Fence' }) });
type Spec = ResourceSpec<typeof input, typeof output, World>;

/** A stage finds the plot by the output of reserve, and by its own key when that output was lost. */
const keyOf = ({ job, atom, attempt, prior }: Context) => String(prior['plot'] ?? `${job}/${atom}/${attempt}`);
const plotOf = (context: Context) => context.world.plots.get(keyOf(context));

const sound: Spec = {
  ...{ type: 'plot.take', version: 1, title: 'Take a plot', summary: 'Takes and fences a plot.', icon: 'fence', group: 'Test' },
  ...{ input, output, effects: { kind: 'reversible', undo: 'gives the plot back' }, repeatable: true },
  async reserve(_, _held, context) {
    if (plotOf(context) === undefined) context.world.plots.set(keyOf(context), {});
    return { plot: keyOf(context) };
  },
  async configure({ fence }, _held, context) {
    const plot = plotOf(context);
    if (plot !== undefined) plot.fenced = fence;
    if (fence === 'rotten') throw new TaskError('FENCE_ROTTEN', 'The fence fell over.');
    return { fence };
  },
  async acquire(_, _held, context) {
    const plot = plotOf(context);
    if (plot !== undefined) plot.open = true;
    return {};
  },
  async release(_, context) {
    delete plotOf(context)?.open;
  },
  async unconfigure(_, context) {
    delete plotOf(context)?.fenced;
  },
  async unreserve(_, context) {
    context.world.plots.delete(keyOf(context));
  },
  async probe(_, context) {
    const plot = plotOf(context);
    const done = { reserve: plot !== undefined, configure: plot?.fenced !== undefined, acquire: plot?.open === true };
    return done[context.stage as keyof typeof done] ? { happened: 'yes', output: {} } : { happened: 'no' };
  },
  check: async (_, context) => (plotOf(context)?.open ? null : 'It is closed.'),
};

async function check(more: Partial<Spec>, failing: string | null = null, given = sound) {
  const world: World = { plots: new Map() };
  const type = defineResource<typeof input, typeof output, World>({ ...given, ...more });
  const findings = await checkTask(type, {
    input: { fence: 'oak' },
    world,
    observe: () => structuredClone([...world.plots.values()]),
    ...(failing === null ? {} : { failing: { fence: failing } }),
  });
  return { findings, plots: world.plots.size };
}

const { release: _, unconfigure: _u, unreserve: _r, ...destroyed } = sound;
const destroy: Spec['destroy'] = async (_undo, context) => void context.world.plots.delete(keyOf(context));

describe('Z1: checkTask, of a resource,', () => {
  it('finds nothing in a correct one, given back in stages or by one destroy', async () => {
    expect(await check({}, 'rotten')).toEqual({ findings: [], plots: 0 });
    expect(await check({ destroy }, 'rotten', destroyed)).toEqual({ findings: [], plots: 0 });
  });

  it('gives each stage an address of its own, as the engine does', async () => {
    const seen = new Set<string>();
    const reserve: Spec['reserve'] = async (given, held, context) => {
      seen.add(context.atom);
      return (await sound.reserve?.(given, held, context)) ?? {};
    };
    const acquire: Spec['acquire'] = async (given, held, context) => {
      seen.add(context.atom);
      return (await sound.acquire?.(given, held, context)) ?? {};
    };
    expect((await check({ reserve, acquire })).findings).toEqual([]);
    expect([...seen]).toEqual(['checked.reserve', 'checked.acquire']);
  });

  it.each<[string, Partial<Spec>, string | null, RegExp]>([
    ['a stage that is not given back', { unreserve: async () => {} }, null, /^Undoing, after reserve, did not restore/],
    [
      'giving back that needs an output that was lost',
      { unreserve: async ({ held }, context) => void context.world.plots.delete(held.plot ?? '') },
      null,
      /when reserve had succeeded but its output was lost, did not restore/,
    ],
    [
      'giving back that cannot be repeated',
      {
        async unreserve(_undo, context) {
          if (!context.world.plots.delete(keyOf(context))) throw new Error('gone');
        },
      },
      null,
      /^Undoing reserve a second time, after reserve, failed: gone/,
    ],
    [
      'an effect that a failed stage leaves behind',
      {
        async unconfigure({ failure }, context) {
          if (failure === undefined) delete plotOf(context)?.fenced;
        },
        async unreserve(_undo, context) {
          if (plotOf(context)?.fenced !== 'rotten') context.world.plots.delete(keyOf(context));
        },
      },
      'rotten',
      /when configure had failed, did not restore the world/,
    ],
    ['a failing input that does not fail', {}, 'ash', /makes no stage fail/],
    [
      'A4: a probe that says too early that a stage happened',
      { probe: async () => ({ happened: 'yes', output: {} }) },
      null,
      /before it was/,
    ],
    ['A4: a probe that says that a stage did not happen', { probe: async () => ({ happened: 'no' }) }, null, /did not happen, but it did/],
    [
      'B6: a check that reports drift at once',
      { check: async () => 'It is closed.' },
      null,
      /right after acquire that something has changed/,
    ],
  ])('tells of %s', async (_name, fault, failing, words) => {
    const { findings } = await check(fault, failing);
    expect(
      findings.some((finding) => words.test(finding)),
      findings.join('\n'),
    ).toBe(true);
  });

  it('takes it once and gives nothing back if it cannot be undone', async () => {
    expect(await check({ effects: { kind: 'irreversible', reason: 'it is bought' } })).toEqual({ findings: [], plots: 1 });
  });
});
