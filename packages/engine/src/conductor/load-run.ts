// A job's run from its logbook: the committed facts, nothing else.
import type { JobRow } from '../board/job.ts';
import type { FlowStore } from '../definition/flow-store.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import { subflowIn, withSubflows } from '../definition/subflows.ts';
import { compileFlow } from '../run/compiler.ts';
import { replay } from '../run/fold.ts';
import type { CompiledFlow, TypeLookup } from '../run/graph.ts';
import { type Run, emptyRun } from '../run/run.ts';

const PAGE = 1_000;
/** Compiled versions that are kept; a version never changes, so nothing has to be dropped for being stale. */
const MOST_COMPILED = 64;

/** Loads runs, keeping compiled flow versions. */
export class RunLoader {
  readonly #flows: FlowStore;
  readonly #logbook: Pick<LogbookStore, 'read'>;
  readonly #typeOf: TypeLookup;
  readonly #compiled = new Map<string, Promise<CompiledFlow>>();

  constructor(stores: { readonly flows: FlowStore; readonly logbook: Pick<LogbookStore, 'read'>; readonly typeOf: TypeLookup }) {
    this.#flows = stores.flows;
    this.#logbook = stores.logbook;
    this.#typeOf = stores.typeOf;
  }

  /** The flow version, compiled. Throws FLOW_UNKNOWN, VERSION_UNKNOWN. */
  compiled(flow: string, version: number, target: string | null = null): Promise<CompiledFlow> {
    const key = `${flow}@${version}${target === null ? '' : ` ${target}`}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiling = this.#compile(flow, version, target);
    compiling.catch(() => this.#compiled.delete(key));
    this.#compiled.set(key, compiling);
    const oldest = this.#compiled.keys().next().value;
    if (this.#compiled.size > MOST_COMPILED && oldest !== undefined) this.#compiled.delete(oldest);
    return compiling;
  }

  async #compile(flow: string, version: number, target: string | null): Promise<CompiledFlow> {
    const { definition, subflows } = await withSubflows(this.#flows, { flow, version, target });
    return compileFlow(definition, this.#typeOf, subflowIn(subflows));
  }

  /** The run as of its last committed entry, or as of entry `upTo`. Throws JOB_UNKNOWN, LOGBOOK_BROKEN. */
  async load(job: Pick<JobRow, 'id' | 'flow' | 'version' | 'target'>, upTo = Infinity): Promise<Run> {
    const run = emptyRun(await this.compiled(job.flow, job.version, job.target));
    for (;;) {
      const limit = Math.min(PAGE, upTo - run.number);
      const page = limit <= 0 ? [] : await this.#logbook.read(job.id, { after: run.number, limit });
      replay(run, page);
      if (page.length < PAGE) return run;
    }
  }
}
