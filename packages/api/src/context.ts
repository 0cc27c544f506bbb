// What every procedure is given. The actor comes from the session that the server found, never from a request.
import type { TaskDescriptor } from '@windlass/engine/definition';
import type {
  BulkActStore,
  BulkRunner,
  FlowStore,
  JobBoard,
  LogbookStore,
  NoticeChannel,
  NoticeList,
  Operator,
  ProgressSource,
  ResourceLedger,
  SavedViewStore,
  TaskLogStore,
} from '@windlass/engine/ports';
import type { Actor } from '@windlass/engine/run';

/** What the server lends to the API. */
export interface Services {
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly ledger: ResourceLedger;
  readonly taskLog: TaskLogStore;
  readonly notices: NoticeList;
  /** Where notices go beside the page, in words that may be shown. */
  readonly noticeChannels: readonly { readonly channel: NoticeChannel; readonly target: string }[];
  readonly views: SavedViewStore;
  readonly bulkActs: BulkActStore;
  /** Told when a bulk act was posted. */
  readonly bulkRunner: Pick<BulkRunner, 'wake'>;
  readonly operator: Operator;
  readonly progress: ProgressSource;
  /** Newest version of each task type, in palette order. */
  readonly taskTypes: readonly TaskDescriptor[];
  readonly findType: (type: string, version: number) => TaskDescriptor | undefined;
  /** Is there a secret of that name now? */
  readonly hasSecret: (name: string) => boolean;
  readonly now: () => number;
  readonly server: { readonly version: string; readonly startedAt: number; readonly conductor: string };
}

/** A request: the services, and who asks; null without a session. */
export interface Context {
  readonly services: Services;
  readonly actor: Actor | null;
}
