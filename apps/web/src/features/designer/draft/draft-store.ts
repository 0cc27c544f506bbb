// The draft and its history. Each action is one entry; selection and viewport are not part of it. The document itself says
// whether it is saved, so undoing back to the saved document counts as saved.
import type { FlowDefinition } from '@windlass/engine/definition';
import { create } from 'zustand';

interface Step {
  readonly definition: FlowDefinition;
  readonly label: string;
}

export interface DraftState {
  readonly flow: string;
  readonly definition: FlowDefinition;
  /** What the server has. */
  readonly saved: FlowDefinition;
  readonly revision: number;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** Consecutive edits of the same field are one entry. */
  readonly lastKey: string | null;
  readonly selection: readonly string[];
  /** Changes the draft. `label` names the action in the history; consecutive actions with the same `key` become one. */
  change(label: string, change: (definition: FlowDefinition) => FlowDefinition, key?: string): void;
  undo(): void;
  redo(): void;
  select(ids: readonly string[]): void;
  markSaved(definition: FlowDefinition, revision: number): void;
}

const MOST_STEPS = 200;

/** A store for one flow's draft. */
export function createDraftStore(flow: string, initial: { readonly definition: FlowDefinition; readonly revision: number }) {
  return create<DraftState>((set) => ({
    flow,
    definition: initial.definition,
    saved: initial.definition,
    revision: initial.revision,
    past: [],
    future: [],
    lastKey: null,
    selection: [],
    change: (label, change, key) =>
      set((state) => {
        const definition = change(state.definition);
        if (definition === state.definition) return state;
        const joins = key !== undefined && key === state.lastKey;
        const past = joins ? state.past : [...state.past, { definition: state.definition, label }].slice(-MOST_STEPS);
        return { definition, past, future: [], lastKey: key ?? null };
      }),
    undo: () =>
      set(({ past, future, definition }) => {
        const step = past.at(-1);
        if (step === undefined) return {};
        return {
          definition: step.definition,
          past: past.slice(0, -1),
          future: [{ definition, label: step.label }, ...future],
          lastKey: null,
        };
      }),
    redo: () =>
      set(({ past, future, definition }) => {
        const [step, ...rest] = future;
        if (step === undefined) return {};
        return { definition: step.definition, future: rest, past: [...past, { definition, label: step.label }], lastKey: null };
      }),
    select: (selection) => set({ selection, lastKey: null }),
    markSaved: (saved, revision) => set({ saved, revision }),
  }));
}

export type DraftStore = ReturnType<typeof createDraftStore>;

/** Does the draft differ from the one on the server? */
export function isUnsaved({ definition, saved }: Pick<DraftState, 'definition' | 'saved'>): boolean {
  return definition !== saved && JSON.stringify(definition) !== JSON.stringify(saved);
}
