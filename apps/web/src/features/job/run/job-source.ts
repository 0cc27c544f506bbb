// The source of a job's data: the port that run-store.ts uses, and its implementation by the API.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '@windlass/api';
import type { FlowDefinition, TaskDescriptor } from '@windlass/engine/definition';
import { type Entry, type JobRow, type RunSnapshot, fullOf } from '@windlass/engine/run';
import { sentenceOf } from '../../../lib/trpc.ts';

/** A version that the job's flow uses as a subflow. */
interface Subflow {
  readonly flow: string;
  readonly version: number;
  readonly definition: FlowDefinition;
}

export interface Follower {
  onEntries(entries: readonly Entry[]): void;
  onUp(): void;
  onDown(because: string): void;
  /** The server ended the stream; it does not reconnect by itself. */
  onEnd(message: string): void;
}

export interface JobSource {
  get(at?: number): Promise<{
    readonly row: JobRow;
    readonly definition: FlowDefinition;
    readonly subflows: readonly Subflow[];
    readonly snapshot: RunSnapshot;
  }>;
  types(): Promise<readonly TaskDescriptor[]>;
  before(number: number, limit: number): Promise<readonly Entry[]>;
  after(number: number, limit: number): Promise<readonly Entry[]>;
  follow(from: number, follower: Follower): () => void;
}

export function jobSource(client: TRPCClient<AppRouter>, job: string): JobSource {
  return {
    get: async (at) => {
      const { snapshot, ...rest } = await client.jobs.get.query(at === undefined ? { job } : { job, at });
      return { ...rest, snapshot: fullOf(snapshot) };
    },
    types: () => client.catalog.list.query(),
    before: (before, limit) => client.logbook.page.query({ job, before, limit }),
    after: (after, limit) => client.logbook.page.query({ job, after, limit }),
    follow(from, follower) {
      const subscription = client.logbook.follow.subscribe(
        { job, lastEventId: String(from) },
        {
          onData: ({ data }) => follower.onEntries(data),
          onError: (error) => follower.onEnd(sentenceOf(error)),
          onConnectionStateChange: ({ state, error }) => {
            if (state === 'pending') follower.onUp();
            else if (state === 'connecting' && error) follower.onDown('The server does not answer.');
          },
        },
      );
      return () => subscription.unsubscribe();
    },
  };
}
