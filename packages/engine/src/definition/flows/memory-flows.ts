// Flows in memory: for tests and for benchmarks of the engine.
import type { Actor } from '../../actor.ts';
import { EngineError } from '../../errors.ts';
import type { FlowDraft, FlowRow, FlowStore, FlowVersionRow } from './flow-store.ts';
import type { FlowDefinition } from '../schema.ts';

interface MemoryFlow {
  draft: FlowDraft;
  isRemoved: boolean;
  readonly versions: { readonly row: FlowVersionRow; readonly definition: FlowDefinition }[];
}

export class MemoryFlows implements FlowStore {
  readonly #flows = new Map<string, MemoryFlow>();

  async list(): Promise<FlowRow[]> {
    const present = [...this.#flows.values()].filter(({ isRemoved }) => !isRemoved);
    return present.map(({ draft: { id, definition, version, dirty, updatedAt, updatedBy } }) => ({
      id,
      name: definition.name,
      pattern: definition.root.pattern,
      version,
      dirty,
      updatedAt,
      updatedBy,
    }));
  }

  async create(definition: FlowDefinition, actor: Actor, now: number): Promise<FlowDraft> {
    const id = `flow_${this.#flows.size + 1}`;
    const draft = { id, revision: 1, definition, version: 0, dirty: true, updatedAt: now, updatedBy: actor.name };
    this.#flows.set(id, { draft, isRemoved: false, versions: [] });
    return draft;
  }

  async getDraft(flow: string): Promise<FlowDraft> {
    return this.#flow(flow).draft;
  }

  async saveDraft(save: Parameters<FlowStore['saveDraft']>[0], actor: Actor, now: number) {
    const flow = this.#flow(save.flow);
    if (flow.draft.revision !== save.revision) return { kind: 'changed', draft: flow.draft } as const;
    const dirty = JSON.stringify(save.definition) !== JSON.stringify(flow.versions.at(-1)?.definition);
    const { definition } = save;
    flow.draft = { ...flow.draft, definition, dirty, revision: save.revision + 1, updatedAt: now, updatedBy: actor.name };
    return { kind: 'saved', draft: flow.draft } as const;
  }

  async publish(order: Parameters<FlowStore['publish']>[0], actor: Actor, now: number) {
    const flow = this.#flow(order.flow);
    if (flow.draft.revision !== order.revision) return { kind: 'changed', version: flow.draft.version } as const;
    const version = flow.versions.length + 1;
    const row = { version, note: order.note, publishedAt: now, publishedBy: actor.name };
    flow.versions.push({ row, definition: flow.draft.definition });
    flow.draft = { ...flow.draft, version, dirty: false };
    return { kind: 'published', version } as const;
  }

  async versions(flow: string): Promise<FlowVersionRow[]> {
    return this.#flow(flow).versions.map(({ row }) => row);
  }

  async getVersion(flow: string, version: number): Promise<FlowDefinition> {
    const found = this.#flows.get(flow)?.versions[version - 1];
    if (found === undefined) throw new EngineError('VERSION_UNKNOWN', `Flow ${flow} has no version ${version}.`);
    return found.definition;
  }

  async remove(flow: string): Promise<void> {
    this.#flow(flow).isRemoved = true;
  }

  async presence(flow: string): Promise<'present' | 'removed' | 'unknown'> {
    const found = this.#flows.get(flow);
    if (found === undefined) return 'unknown';
    return found.isRemoved ? 'removed' : 'present';
  }

  #flow(id: string): MemoryFlow {
    const flow = this.#flows.get(id);
    if (flow === undefined || flow.isRemoved) throw new EngineError('FLOW_UNKNOWN', `There is no flow ${id}.`);
    return flow;
  }
}
