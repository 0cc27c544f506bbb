// The view of a job page: one selection for canvas, timeline, inspector and logbook.
// Apart from the run's store, so that a click renders nothing that only a change of state would.
import { type PlannedUndo, type RollbackChoice, type Run, planRollback } from '@windlass/engine/run';
import { type StoreApi, createStore } from 'zustand/vanilla';
import type { Ask } from '../acts/ask.ts';
import type { TimeRange } from '../timeline/time-range.ts';

/** The tasks that a revert would revert, while its button is hovered or focused. */
export interface Preview {
  readonly actions: ReadonlyMap<string, PlannedUndo['action']>;
  readonly reverts: number;
}

export interface View {
  /** An atom by its address, or an item of the definition by its id. */
  readonly selected: string | null;
  /** The box of the canvas that the mouse was over last, while it is over the canvas. */
  readonly hovered: string | null;
  /** Items whose atoms have lanes of their own. */
  readonly unfolded: ReadonlySet<string>;
  /** Whether canvas, timeline or both are shown; stored by the browser. */
  readonly layout: Layout;
  /** The canvas moves to the running items. */
  readonly followRunning: boolean;
  /** The range of time that the timeline shows; null for the whole time. */
  readonly range: TimeRange | null;
  /** A chosen entry, besides its item. */
  readonly entry: number | null;
  readonly preview: Preview | null;
  /** The rollback that the sheet is open for. */
  readonly sheet: RollbackChoice | null;
  /** The report of the last rollback is open. */
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

/** Changes the layout and stores it for the next visit. */
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

/** The atoms that a rollback would revert, planned by the engine's own code on the run shown. */
export function previewOf(run: Run, choice: RollbackChoice): Preview {
  const plan = planRollback(run, choice);
  return { actions: new Map(plan.waves.flat().map(({ atom, action }) => [atom, action])), reverts: plan.reverts };
}
