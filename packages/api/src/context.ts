// The context of every procedure. The actor comes from the session that the server found, never from the request.
import type { AskHindrance, TaskDescriptor } from '@windlass/engine/definition';
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

/** The services that the server gives to the API. */
export interface Services {
  readonly flows: FlowStore;
  readonly board: JobBoard;
  readonly logbook: LogbookStore;
  readonly ledger: ResourceLedger;
  readonly taskLog: TaskLogStore;
  readonly notices: NoticeList;
  /** The channels that send notices, in words that a page may show. */
  readonly noticeChannels: readonly { readonly channel: NoticeChannel; readonly target: string }[];
  readonly views: SavedViewStore;
  readonly bulkActs: BulkActStore;
  /** Starts a bulk act as soon as it is posted. */
  readonly bulkRunner: Pick<BulkRunner, 'wake'>;
  readonly operator: Operator;
  readonly progress: ProgressSource;
  /** Newest version of each task type, in palette order. */
  readonly taskTypes: readonly TaskDescriptor[];
  readonly findType: (type: string, version: number) => TaskDescriptor | undefined;
  /** Is there a secret of that name now? */
  readonly hasSecret: (name: string) => boolean;
  /** Reasons why a task cannot work on this server now. */
  readonly hindranceOf: AskHindrance;
  readonly now: () => number;
  readonly server: { readonly version: string; readonly startedAt: number; readonly conductor: string };
}

/** A request: the services, and the actor; null without a session. */
export interface Context {
  readonly services: Services;
  readonly actor: Actor | null;
}
