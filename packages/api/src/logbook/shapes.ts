// The entries of a logbook on the wire. The engine makes the entries, so it has types for them and no schemas.
// A field without a schema here does not leave the server.
import type {
  AtomEntry,
  AtomEntryData,
  ActEntry,
  CaughtFailure,
  Entry,
  ForwardOutcome,
  JobEntry,
  JobEntryData,
  MarkEntry,
  RetryDecision,
  RollbackScope,
  RunEntry,
  RunEntryData,
  StoredSizes,
  StoredValue,
  UnresolvedOutput,
  Failure,
  Wait,
} from '@windlass/engine/run';
import { isJsonObject } from '@windlass/engine/definition';
import { z } from 'zod';
import { type ShapeOf, type Wire, actorSchema, json, jsonObject, word } from '../wire.ts';

const secretNames = z.record(z.string(), z.array(z.string()));

export const failure: Wire<Failure> = z.object({
  code: z.string(),
  message: z.string(),
  causes: z.array(z.string()).exactOptional(),
  data: json.exactOptional(),
  nothingDone: z.literal(true).exactOptional(),
  stack: z.string().exactOptional(),
} satisfies ShapeOf<Failure>);

export const forward: Wire<ForwardOutcome> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('succeeded'),
    caught: z
      .array(z.object({ item: z.string(), atom: z.string(), code: z.string(), message: z.string() } satisfies ShapeOf<CaughtFailure>))
      .exactOptional(),
  }),
  z.object({ kind: z.literal('failed'), atom: z.string(), failure: failure }),
  z.object({ kind: z.literal('cancelled'), by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('overdue') }),
]);

/** The wait of an atom. The members differ by `on`; the engine defines them. */
export const wait: Wire<Wait> = z.custom<Wait>(isJsonObject, 'must be a wait');

/** The fields of the last rollback: its atoms, what it leaves out, and what follows it. A snapshot has more fields. */
export const rollbackScope = {
  atoms: z.union([z.literal('all'), z.array(z.string())]),
  leftOut: z.array(z.object({ atom: z.string(), reason: z.string(), orphaned: z.literal(true).exactOptional() })).exactOptional(),
  then: z.enum(['stop', 'apply']),
  plan: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  confirmedBy: z.object({ job: z.string(), key: z.string() }).exactOptional(),
  drift: z.array(z.object({ atom: z.string(), difference: z.string() })).exactOptional(),
} satisfies ShapeOf<RollbackScope>;

export const unresolved = z.array(z.object({ output: z.string(), reason: z.string() } satisfies ShapeOf<UnresolvedOutput>));

export const standing = z.array(z.object({ atom: z.string(), because: z.string() }));

const base = { number: z.int(), time: z.number(), actor: actorSchema, token: z.int() };

const storedSizes = z.object({
  input: z.int().exactOptional(),
  output: z.int().exactOptional(),
  inputs: z.int().exactOptional(),
  outputs: z.int().exactOptional(),
} satisfies ShapeOf<StoredSizes>);

export const storedValue = z.object({
  entry: z.int().min(1),
  field: z.enum(['input', 'output', 'inputs', 'outputs']),
  size: z.int(),
} satisfies ShapeOf<StoredValue>);

const jobEntry = z.object({
  ...base,
  kind: z.literal('JOB'),
  from: word<JobEntry['to']>().nullable(),
  to: word<JobEntry['to']>(),
  data: z
    .object({
      flow: z.object({ id: z.string(), version: z.int(), name: z.string() }).exactOptional(),
      inputs: jsonObject.exactOptional(),
      attention: word<NonNullable<JobEntryData['attention']>>().exactOptional(),
      note: z.string().exactOptional(),
      target: z.string().exactOptional(),
      parent: z.object({ job: z.string(), atom: z.string() }).exactOptional(),
      until: z.number().exactOptional(),
      stored: storedSizes.exactOptional(),
    } satisfies ShapeOf<JobEntryData>)
    .exactOptional(),
} satisfies ShapeOf<JobEntry>);

const runEntry = z.object({
  ...base,
  kind: z.literal('RUN'),
  from: word<RunEntry['from']>(),
  to: word<RunEntry['to']>(),
  data: z
    .object({
      outputs: jsonObject.exactOptional(),
      unresolved: unresolved.exactOptional(),
      forward: forward.exactOptional(),
      rollback: z.object(rollbackScope).exactOptional(),
      again: z.array(z.string()).exactOptional(),
      left: standing.exactOptional(),
      stored: storedSizes.exactOptional(),
    } satisfies ShapeOf<RunEntryData>)
    .exactOptional(),
} satisfies ShapeOf<RunEntry>);

const atomEntry = z.object({
  ...base,
  kind: z.literal('ATOM'),
  atom: z.string(),
  attempt: z.int(),
  from: word<AtomEntry['from']>(),
  to: word<AtomEntry['to']>(),
  data: z
    .object({
      input: jsonObject.exactOptional(),
      code: z.string().exactOptional(),
      secrets: secretNames.exactOptional(),
      output: json.exactOptional(),
      stored: storedSizes.exactOptional(),
      control: z.literal(true).exactOptional(),
      failure: failure.exactOptional(),
      revertAttempt: z.int().exactOptional(),
      notBefore: z.number().exactOptional(),
      reason: z.string().exactOptional(),
      repeated: z.literal(true).exactOptional(),
      byHand: z.literal(true).exactOptional(),
      ending: z.literal(true).exactOptional(),
      signal: z.int().exactOptional(),
      waiting: wait.exactOptional(),
      log: z.int().exactOptional(),
      again: z.array(z.string()).exactOptional(),
      slots: z.array(z.int()).exactOptional(),
      keys: z.array(z.string()).exactOptional(),
    } satisfies ShapeOf<AtomEntryData>)
    .exactOptional(),
} satisfies ShapeOf<AtomEntry>);

const markEntry = z.object({
  ...base,
  kind: z.literal('MARK'),
  atom: z.string(),
  attempt: z.int(),
  mark: word<MarkEntry['mark']>(),
  data: z
    .object({
      reason: z.string().exactOptional(),
      output: json.exactOptional(),
      before: json.exactOptional(),
      beforeEntry: z.int().exactOptional(),
      stored: storedSizes.exactOptional(),
      decision: word<RetryDecision>().exactOptional(),
      atom: z.string().exactOptional(),
      value: json.exactOptional(),
      live: z.literal(true).exactOptional(),
      outcome: word<'done' | 'failed'>().exactOptional(),
      link: z.string().exactOptional(),
      to: z.string().exactOptional(),
    } satisfies ShapeOf<NonNullable<MarkEntry['data']>>)
    .exactOptional(),
} satisfies ShapeOf<MarkEntry>);

const actEntry = z.object({
  ...base,
  kind: z.literal('ACT'),
  act: word<ActEntry['act']>(),
  reason: z.string(),
  atom: z.string().exactOptional(),
  data: jsonObject.exactOptional(),
} satisfies ShapeOf<ActEntry>);

export const entry: Wire<Entry> = z.discriminatedUnion('kind', [jobEntry, runEntry, atomEntry, markEntry, actEntry]);
