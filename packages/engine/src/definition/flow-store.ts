// The port to whatever keeps flows: a draft that changes, and published versions that never do.
import type { Actor } from '../actor.ts';
import type { FlowDefinition } from './schema.ts';

/** A flow as lists show it. */
export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly pattern: string;
  /** Newest published version; 0 when there is none. */
  readonly version: number;
  /** The draft differs from the newest version. */
  readonly dirty: boolean;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** The draft of a flow. `revision` grows by one with every save; a save names the one it started from. */
export interface FlowDraft {
  readonly id: string;
  readonly revision: number;
  readonly definition: FlowDefinition;
  readonly version: number;
  readonly dirty: boolean;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

export interface FlowVersionRow {
  readonly version: number;
  readonly note: string;
  readonly publishedAt: number;
  readonly publishedBy: string;
}

/** A store of flows. Throws FLOW_UNKNOWN, VERSION_UNKNOWN. */
export interface FlowStore {
  list(): Promise<readonly FlowRow[]>;
  create(definition: FlowDefinition, actor: Actor, now: number): Promise<FlowDraft>;
  getDraft(flow: string): Promise<FlowDraft>;
  /** Answers `changed` with the stored draft, having saved nothing, when `revision` is not the stored one. */
  saveDraft(
    save: { readonly flow: string; readonly revision: number; readonly definition: FlowDefinition },
    actor: Actor,
    now: number,
  ): Promise<{ readonly kind: 'saved' | 'changed'; readonly draft: FlowDraft }>;
  /** Freezes the draft at `revision` as the next version. */
  publish(
    order: { readonly flow: string; readonly revision: number; readonly note: string },
    actor: Actor,
    now: number,
  ): Promise<{ readonly kind: 'published' | 'changed'; readonly version: number }>;
  versions(flow: string): Promise<readonly FlowVersionRow[]>;
  getVersion(flow: string, version: number): Promise<FlowDefinition>;
  /** Takes it off the lists; versions that jobs ran are kept. */
  remove(flow: string): Promise<void>;
  /** Whether it was removed, or never there: nothing new is launched of it. */
  isRemoved(flow: string): Promise<boolean>;
}
