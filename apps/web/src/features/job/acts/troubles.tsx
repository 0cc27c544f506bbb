// Each trouble of a run, with every act that settles it, in words.
import { type Trouble, troublesOf } from '@windlass/engine/run';
import { RotateCw, Undo2 } from 'lucide-react';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import type { Ask } from './ask.ts';
import { DoubtAnswers } from './doubt-answers.tsx';
import { keepAsk, markRevertedAsk, retryFailedAsk, retryRevertAsk, skipAsk } from './asks.ts';
import { useJobPage, useRun } from '../job-context.tsx';
import { useOutputTemplate } from './use-output-template.ts';
import { shortCause, troubleWords } from './trouble-words.ts';
import { useTaskInputs } from './use-task-inputs.ts';

/** Number shown one by one; the rest are only counted. */
const SHOWN = 3;

export function Troubles() {
  const { store } = useJobPage();
  const facts = useRun((state) => state.facts);
  const replaying = useRun((state) => state.at !== null);
  if (facts === null) return null;
  const troubles = troublesOf(facts, store.getState().atoms.values());
  return (
    <>
      {troubles.slice(0, SHOWN).map((trouble) => (
        <OneTrouble key={'atom' in trouble ? `${trouble.kind} ${trouble.atom}` : trouble.kind} trouble={trouble} replaying={replaying} />
      ))}
      {troubles.length > SHOWN && (
        <p className="border-b border-line bg-st-failed-bg px-4 py-1 text-12">
          and {troubles.length - SHOWN} more: press E to go through them
        </p>
      )}
    </>
  );
}

function OneTrouble({ trouble, replaying }: { readonly trouble: Trouble; readonly replaying: boolean }) {
  const { nameOf, view } = useJobPage();
  const { title, cause, sentence } = troubleWords(trouble, nameOf);
  const atom = 'atom' in trouble ? trouble.atom : null;
  return (
    <Banner
      tone={trouble.kind === 'doubt' ? 'doubt' : 'failed'}
      title={title}
      actions={replaying ? undefined : <WaysOut trouble={trouble} />}
    >
      <button
        type="button"
        className="max-w-full wrap-anywhere text-left hover:underline"
        title={`${cause} ${sentence}`}
        disabled={atom === null}
        onClick={() => view.setState({ selected: atom, entry: null })}
      >
        {shortCause(cause)} {sentence}
      </button>
    </Banner>
  );
}

function WaysOut({ trouble }: { readonly trouble: Trouble }) {
  const { acts, nameOf, store, view } = useJobPage();
  const ask = (made: Ask) => view.setState({ ask: made });
  const inputsOf = useTaskInputs();
  const templateOf = useOutputTemplate();
  const rollBack = (
    <Button look="revert" onClick={() => view.setState({ sheet: { kind: 'job' } })}>
      <Undo2 aria-hidden size={15} /> Roll back…
    </Button>
  );
  switch (trouble.kind) {
    case 'held': {
      const name = nameOf(trouble.atom);
      return (
        <>
          <Button
            look="primary"
            className="min-w-0 max-w-full !shrink"
            title={`Retry from “${name}”`}
            onClick={() => ask(retryFailedAsk(acts, { name, inputs: inputsOf('FAILURE') }))}
          >
            <RotateCw aria-hidden size={14} className="shrink-0" /> <span className="truncate">Retry from “{name}”</span>
          </Button>
          <Button onClick={() => ask(skipAsk(acts, trouble.atom, { name, outputs: templateOf(trouble.atom) }))}>Skip…</Button>
          {rollBack}
        </>
      );
    }
    // After a rollback the job is applied again by the button of the header, which says from which task on.
    case 'failed':
      return null;
    case 'revertFailed': {
      const name = nameOf(trouble.atom);
      const again = () => {
        const atom = store.getState().atoms.get(trouble.atom);
        if (atom !== undefined) ask(retryRevertAsk(acts, atom, name));
      };
      return (
        <>
          <Button look="revert" onClick={again}>
            <Undo2 aria-hidden size={15} /> Try again…
          </Button>
          <Button onClick={() => ask(markRevertedAsk(acts, trouble.atom, name))}>Mark as reverted…</Button>
          <Button onClick={() => ask(keepAsk(acts, trouble.atom, name))}>Keep…</Button>
        </>
      );
    }
    case 'doubt':
      return <DoubtAnswers atom={trouble.atom} />;
    case 'cancelled':
      return rollBack;
  }
}
