// The port to the store of flows: drafts, which change, and published versions, which never do.
import type { Actor } from '../../actor.ts';
import type { FlowDefinition } from '../schema.ts';

/** A flow as lists show it. */
export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly pattern: string;
  /** Newest published version; 0 when no version is published. */
  readonly version: number;
  /** Does the draft differ from the newest version? */
  readonly dirty: boolean;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** The draft of a flow. `revision` grows by one with every save; a save names the revision that it started from. */
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
  /** Answers `changed` with the stored draft, and saves nothing, when `revision` is not the stored one. */
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
  /** Removes the flow from lists; the versions that jobs ran are kept. */
  remove(flow: string): Promise<void>;
  /** Only a present flow can be launched. A removed one that no job ran is unknown, like one that never existed. */
  presence(flow: string): Promise<'present' | 'removed' | 'unknown'>;
}
