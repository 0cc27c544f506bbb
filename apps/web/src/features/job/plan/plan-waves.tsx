import { type Json, type JsonObject, isJsonObject } from '@windlass/engine/definition';
import type { Drift, PlannedUndo, RollbackPlan } from '@windlass/engine/run';
import { Check, Pin, TriangleAlert, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { durationWords } from '../../../lib/times.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { type PastTime, type PastTimes, expectedTime } from './expected-time.ts';
import { ChangedValue } from '../values/changed-value.tsx';
import { ChangedCode } from './changed-code.tsx';
import { DROPPED_WORDS } from '../run/dropped.ts';
import { ValueView } from '../values/value-view.tsx';
import { useJobPage, useRun } from '../job-context.tsx';
import { becauseWords, dependantWords, planWords, triedWords } from './planned-words.ts';
import { type Boxes, leftOutFor, marked, takenIn } from './plan-boxes.ts';
import { count } from '../run/words.ts';

/** A plan wave by wave: the action for each task, the reason and the saved output; then the tasks that are kept. */
export function PlanWaves({
  plan,
  drift,
  expected,
  boxes,
  onBoxes,
  onOutput,
}: {
  readonly plan: RollbackPlan;
  /** Null while it is loading. */
  readonly drift: readonly Drift[] | null;
  readonly expected: PastTimes | null;
  readonly boxes: Boxes;
  readonly onBoxes: (boxes: Boxes) => void;
  /** An edited saved output: `same` when the original is restored, null while the text is not a JSON object. */
  readonly onOutput: (atom: string, output: JsonObject | 'same' | null) => void;
}) {
  const { nameOf } = useJobPage();
  const { choice } = plan;
  const leftOut = choice.kind === 'atoms' ? choice.leaveOut : [];
  const others = plan.standing.filter(({ atom }) => !leftOut.some((one) => one.atom === atom));
  const orphans = new Set(plan.standing.flatMap(({ atom, orphaned }) => (orphaned ? [atom] : [])));
  return (
    <div className="space-y-4">
      {plan.waves.length > 0 && (
        <p className="text-12 text-fg-2">
          {`${planWords(plan, leftOut.length)} A wave begins after the wave before it has ended.${expectedWords(plan, expected)}`}
        </p>
      )}
      <ChangedCode changed={plan.changedCode} />
      {plan.waves.map((wave, index) => (
        <section key={String(index)}>
          <h3 className="mb-1.5 text-11 font-semibold text-fg-3">Wave {index + 1}</h3>
          <ul className="divide-y divide-line rounded-2 border border-line">
            {wave.map((undo) => (
              <PlanRow
                key={undo.atom}
                undo={undo}
                look={lookOf(undo, drift)}
                past={expected?.get(undo.atom) ?? null}
                onOutput={(output) => onOutput(undo.atom, output)}
                {...(choice.kind === 'atoms' && undo.dependant
                  ? {
                      leaving: {
                        isTicked: !boxes.unticked.has(undo.atom),
                        onTick: () => onBoxes(marked(undo.atom, boxes)),
                        onReason: (reason) => onBoxes(leftOutFor(reason, undo.atom, boxes)),
                      },
                    }
                  : {})}
              />
            ))}
          </ul>
        </section>
      ))}
      {(leftOut.length > 0 || others.length > 0) && (
        <section>
          <h3 className="mb-1.5 text-11 font-semibold text-fg-3">Stays as it is</h3>
          <ul className="divide-y divide-line rounded-2 border border-line text-12">
            {leftOut.map(({ atom, reason }) => (
              <li key={atom} className="flex items-center gap-2 px-3 py-1.5">
                <Pin aria-hidden size={13} className="shrink-0 text-st-revert-fg" />
                <span className="min-w-0 flex-1">
                  <b className="font-medium">{nameOf(atom)}</b>{' '}
                  <span className="text-fg-2">
                    left out: {reason}
                    {orphans.has(atom) && '; its input is orphaned, because the task that it came from is undone'}
                  </span>
                </span>
                <Button size="small" onClick={() => onBoxes(takenIn(atom, boxes))}>
                  Take it in again
                </Button>
              </li>
            ))}
            {others.map(({ atom, because: why }) => (
              <li key={atom} className="px-3 py-1.5">
                <b className="font-medium">{nameOf(atom)}</b> <span className="text-fg-2">{why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function editOf(typed: { readonly value: Json; readonly before: Json } | null): JsonObject | 'same' | null {
  if (typed === null || !isJsonObject(typed.value)) return null;
  return JSON.stringify(typed.value) === JSON.stringify(typed.before) ? 'same' : typed.value;
}

/** The saved output; where there is none, the input of that apply. */
function savedOf({ output, outputAt, input, inputAt }: PlannedUndo) {
  return output === null && outputAt === undefined ? { value: input, at: inputAt } : { value: output, at: outputAt };
}

function expectedWords({ waves }: RollbackPlan, past: PastTimes | null): string {
  const time = past === null ? null : expectedTime(waves, past);
  if (time === null) return '';
  const words = ` About ${durationWords(time.ms)}, from past rollbacks of this flow`;
  return time.unknown === 0 ? `${words}.` : `${words}, not counting ${count(time.unknown, 'task')} without a past revert.`;
}

/** The result of a task's check: is its effect still as apply left it? */
type Look = { readonly kind: 'unasked' | 'asking' | 'same' } | { readonly kind: 'different'; readonly words: string };

function lookOf({ atom, checked }: PlannedUndo, drift: readonly Drift[] | null): Look {
  if (!checked) return { kind: 'unasked' };
  if (drift === null) return { kind: 'asking' };
  const words = drift.find((one) => one.atom === atom)?.difference;
  return words === undefined ? { kind: 'same' } : { kind: 'different', words };
}

const WORDS = { revert: 'Revert', nothing: 'Nothing to do', keep: 'Kept' } as const;

function PlanRow({
  undo,
  look,
  past,
  onOutput,
  leaving,
}: {
  readonly undo: PlannedUndo;
  readonly look: Look;
  readonly past: PastTime | null;
  readonly onOutput: (output: JsonObject | 'same' | null) => void;
  /** Of a dependant, which may be left out. */
  readonly leaving?: { readonly isTicked: boolean; readonly onTick: () => void; readonly onReason: (reason: string) => void };
}) {
  const { job, nameOf } = useJobPage();
  const dropped = useRun((state) => state.dropped.get(undo.atom));
  const [reason, setReason] = useState('');
  const name = nameOf(undo.atom);
  const Icon = undo.action === 'revert' ? Undo2 : undo.action === 'keep' ? Pin : Check;
  return (
    <li className="px-3 py-2 text-12" data-testid={`plan-${undo.atom}`}>
      <div className="flex items-start gap-2">
        {leaving !== undefined && (
          <input
            type="checkbox"
            aria-label={`Revert ${name} too`}
            checked={leaving.isTicked}
            className="mt-0.5 accent-accent"
            onChange={leaving.onTick}
          />
        )}
        <Icon
          aria-hidden
          size={14}
          className={undo.action === 'nothing' ? 'mt-px shrink-0 text-fg-3' : 'mt-px shrink-0 text-st-revert-fg'}
        />
        <div className="min-w-0 flex-1">
          <p>
            <b className="font-medium">{name}</b>{' '}
            <span className={undo.action === 'nothing' ? 'text-fg-3' : 'text-st-revert-fg'}>{WORDS[undo.action]}</span>
            {undo.attempt > 1 && <span className="text-fg-3"> · attempt {undo.attempt}</span>}
          </p>
          <p className="text-fg-2">{becauseWords(undo)}</p>
          {dropped !== undefined && <p className="text-fg-3">{DROPPED_WORDS[dropped]}.</p>}
          {past !== null && undo.action === 'revert' && (
            <p className="text-fg-3">
              It took {durationWords(past.ms)} in past rollbacks ({past.of}).
            </p>
          )}
          {look.kind === 'asking' && <p className="text-fg-3">Checking whether it is still as apply left it…</p>}
          {look.kind === 'same' && <p className="text-fg-3">It is still as apply left it.</p>}
          {look.kind === 'different' && (
            <p className="mt-1 flex items-start gap-1.5 rounded-2 border border-st-doubt-line/40 bg-st-doubt-bg px-2 py-1">
              <TriangleAlert aria-hidden size={13} className="mt-px shrink-0 text-st-doubt-fg" />
              <span>
                <b className="font-medium">Changed since:</b> {look.words}
              </span>
            </p>
          )}
          {undo.dependant && <p className="text-fg-3">{dependantWords(undo, nameOf)}</p>}
          {undo.tried === true && <p className="text-st-doubt-fg">{triedWords(undo)}</p>}
          {undo.uncertain === true && (
            <p className="text-st-doubt-fg">Whether it took effect is not known: the conductor that applied it was lost.</p>
          )}
        </div>
      </div>
      {leaving?.isTicked === false && (
        <form
          className="mt-2 flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== '') leaving.onReason(reason.trim());
          }}
        >
          <TextField
            aria-label={`Why ${name} stays`}
            placeholder="Why does it stay?"
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
          <Button type="submit" size="normal" disabled={reason.trim() === ''}>
            Leave it out
          </Button>
        </form>
      )}
      {undo.action !== 'nothing' && (
        <details className="mt-1">
          <summary className="cursor-pointer text-11 text-fg-3">
            {undo.output === null && undo.outputAt === undefined
              ? 'No saved output; input of that apply'
              : undo.action === 'keep'
                ? 'Saved output'
                : 'Saved output that the revert gets'}
          </summary>
          <div className="mt-1">
            {undo.editable ? (
              <ChangedValue
                job={job}
                at={undo.outputAt}
                label="Saved output"
                hint="Edit it if it no longer fits. An edit needs a reason, and the logbook keeps both outputs."
                initial={undo.output}
                shape="object"
                onChange={(typed) => onOutput(editOf(typed))}
              />
            ) : (
              <ValueView job={job} {...savedOf(undo)} />
            )}
          </div>
        </details>
      )}
    </li>
  );
}
