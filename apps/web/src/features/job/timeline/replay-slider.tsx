import { Pause, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useJobPage, useRun } from '../job-context.tsx';
import { nextMoment } from './replay-pace.ts';

/** Shows the whole page as it was after an entry, by hand or playing; at the right end it is live. */
export function ReplaySlider({ goTo }: { readonly goTo: (at: number | null) => void }) {
  const { store } = useJobPage();
  const number = useRun((state) => state.number);
  const at = useRun((state) => state.at);
  const [playing, setPlaying] = useState(false);
  const value = at ?? number;
  useEffect(() => {
    if (!playing) return;
    const { entries } = store.getState();
    const next = nextMoment(entries, { at: at ?? 0, number });
    if (next === null) {
      setPlaying(false);
      return goTo(null);
    }
    const timer = setTimeout(() => goTo(next.number), next.afterMs);
    return () => clearTimeout(timer);
  }, [playing, at, number, store, goTo]);
  const play = () => {
    // At the end there is nothing left to play, so it begins again.
    if (!playing && at === null) goTo(1);
    setPlaying(!playing);
  };
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 border-t border-line px-4 text-11 text-fg-3">
      <IconButton label={playing ? 'Stop playing' : 'Play the logbook'} size="small" disabled={number < 2} onClick={play}>
        {playing ? <Pause size={13} /> : <Play size={13} />}
      </IconButton>
      <span>#1</span>
      <input
        type="range"
        aria-label="Entry that is shown"
        aria-valuetext={at === null ? `live, entry ${number}` : `entry ${value} of ${number}`}
        min={1}
        max={Math.max(1, number)}
        value={value}
        onChange={({ target }) => {
          setPlaying(false);
          goTo(Number(target.value) >= number ? null : Number(target.value));
        }}
        className="h-1 min-w-0 flex-1 cursor-pointer accent-accent"
      />
      <span className="tabular-nums">
        #{value} of {number}
      </span>
    </div>
  );
}
