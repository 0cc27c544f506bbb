// The buttons that settle a doubt: those answers that the engine takes.
import { doubtOf } from '@windlass/engine/run';
import { Button } from '../../../ui/button.tsx';
import { useJobPage } from '../job-context.tsx';
import { doubtAsk } from './asks.ts';
import { doubtChoices } from './doubt-words.ts';
import { useOutputTemplate } from './use-output-template.ts';

export function DoubtAnswers({ atom }: { readonly atom: string }) {
  const { acts, nameOf, store, view } = useJobPage();
  const templateOf = useOutputTemplate();
  const run = store.shownRun();
  return doubtChoices(run === null ? null : doubtOf(run, atom)).map((choice) => (
    <Button
      key={choice.answer}
      title={choice.does}
      onClick={() => view.setState({ ask: doubtAsk(acts, atom, { name: nameOf(atom), choice, outputs: templateOf(atom) }) })}
    >
      {choice.button}
    </Button>
  ));
}
