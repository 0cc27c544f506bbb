import { Link } from '@tanstack/react-router';
import { LayoutDashboard, Play, Redo2, TriangleAlert, Undo2 } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { TopBar } from '../../ui/top-bar.tsx';
import { useDraft } from './draft/draft-context.tsx';
import { ExportButton } from './publish/export-button.tsx';
import type { SavingState } from './draft/use-saving.ts';
import { percentWords } from '../../lib/times.ts';

export interface DesignerBarProps {
  readonly version: number;
  readonly dirty: boolean;
  readonly saving: SavingState;
  readonly problems: number;
  readonly coverage: number;
  readonly onSave: () => Promise<number | null>;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onTidy: () => void;
  readonly onLaunch: () => void;
  readonly onPublish: () => void;
}

export function DesignerBar(props: DesignerBarProps) {
  const name = useDraft((state) => state.definition.name);
  const flow = useDraft((state) => state.flow);
  const before = useDraft((state) => state.past.at(-1)?.label);
  const after = useDraft((state) => state.future[0]?.label);
  const { version, dirty, saving, problems, coverage } = props;
  return (
    <TopBar
      actions={
        <>
          <Chip data-testid="coverage">
            <span className="size-1.5 rounded-full bg-st-revert-line" /> Revert coverage {percentWords(coverage)}
          </Chip>
          {problems > 0 && (
            <Chip className="!border-st-doubt-line !text-st-doubt-fg">
              <TriangleAlert size={12} aria-hidden /> {problems === 1 ? '1 problem' : `${problems} problems`}
            </Chip>
          )}
          <Button onClick={props.onLaunch}>
            <Play size={14} /> Launch…
          </Button>
          <Button look={dirty ? 'primary' : 'default'} onClick={props.onPublish} disabled={!dirty}>
            {dirty ? `Publish v${version + 1}…` : `v${version} is published`}
          </Button>
        </>
      }
    >
      <Link to="/flows" className="text-fg-3 hover:text-fg">
        Flows
      </Link>
      <span className="text-fg-3">/</span>
      <h1 className="truncate font-semibold">{name}</h1>
      <Chip data-testid="draft-state" title={wordsOf(saving)}>
        <span className={`size-1.5 rounded-full ${dirty ? 'bg-st-doubt-line' : 'bg-st-success-line'}`} />
        {dirty ? (version === 0 ? 'Draft' : `Draft, changed since v${version}`) : `v${version}`} · {wordsOf(saving)}
      </Chip>
      <IconButton
        label={before === undefined ? 'Nothing to undo' : `Undo: ${before}`}
        onClick={props.onUndo}
        disabled={before === undefined}
      >
        <Undo2 size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label={after === undefined ? 'Nothing to redo' : `Redo: ${after}`} onClick={props.onRedo} disabled={after === undefined}>
        <Redo2 size={16} strokeWidth={1.5} />
      </IconButton>
      <Button look="quiet" onClick={props.onTidy}>
        <LayoutDashboard size={14} strokeWidth={1.5} /> Tidy
      </Button>
      <Link to="/flows/$flowId/runs" params={{ flowId: flow }} className="text-12 text-fg-2 hover:text-fg hover:underline">
        Runs
      </Link>
      <ExportButton save={props.onSave} />
    </TopBar>
  );
}

function wordsOf(saving: SavingState): string {
  switch (saving.kind) {
    case 'saved':
      return 'saved';
    case 'saving':
      return 'saving…';
    case 'unsaved':
      return 'not saved yet';
    case 'changed':
      return `${saving.by} has saved this draft meanwhile: open it again`;
    case 'failed':
      return `not saved: ${saving.why}`;
  }
}
