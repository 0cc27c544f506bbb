// What the person is looking at on a job page: one selection for canvas, timeline, inspector and logbook.
// Apart from the run's store, so that a click renders nothing that only a change of state would.
import { type PlannedUndo, type RollbackChoice, type Run, planRollback } from '@windlass/engine/run';
import { type StoreApi, createStore } from 'zustand/vanilla';
import type { Ask } from './ask.ts';
import type { TimeRange } from './time-range.ts';

/** What would go with a revert, while its button is hovered or focused. */
export interface Preview {
  readonly actions: ReadonlyMap<string, PlannedUndo['action']>;
  readonly reverts: number;
}

export interface View {
  /** An atom by its address, or an item of the drawing by its id. */
  readonly selected: string | null;
  /** The box of the canvas that the mouse was over last, while it is over the canvas. */
  readonly hovered: string | null;
  /** Items whose atoms have lanes of their own. */
  readonly unfolded: ReadonlySet<string>;
  /** What of canvas and timeline is shown; remembered by the browser. */
  readonly layout: Layout;
  /** The camera moves to what runs. */
  readonly followRunning: boolean;
  /** The part of the time that the timeline shows; null for all of it. */
  readonly range: TimeRange | null;
  /** A chosen entry, beside the item that it is about. */
  readonly entry: number | null;
  readonly preview: Preview | null;
  /** The rollback that the sheet is open for. */
  readonly sheet: RollbackChoice | null;
  /** What came of the last rollback is shown. */
  readonly report: boolean;
  readonly ask: Ask | null;
  /** Why the last act was refused. */
  readonly notice: string | null;
}

export type Layout = 'both' | 'canvas' | 'timeline';

const LAYOUT = 'windlass.job.layout';

function rememberedLayout(): Layout {
  const known = localStorage.getItem(LAYOUT);
  return known === 'canvas' || known === 'timeline' ? known : 'both';
}

/** Shows that, and again the next time. */
export function showLayout(view: ViewStore, layout: Layout): void {
  localStorage.setItem(LAYOUT, layout);
  view.setState({ layout });
}

export type ViewStore = StoreApi<View>;

export function createViewStore(): ViewStore {
  return createStore<View>(() => ({
    selected: null,
    hovered: null,
    unfolded: new Set(),
    layout: rememberedLayout(),
    followRunning: false,
    range: null,
    entry: null,
    preview: null,
    sheet: null,
    report: false,
    ask: null,
    notice: null,
  }));
}

/** What a rollback would take with it, by the engine's own planning on the run that is shown. */
export function previewOf(run: Run, choice: RollbackChoice): Preview {
  const plan = planRollback(run, choice);
  return { actions: new Map(plan.waves.flat().map(({ atom, action }) => [atom, action])), reverts: plan.reverts };
}
