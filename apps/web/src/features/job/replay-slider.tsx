import { useRun } from './job-context.tsx';

/** Moves the whole page to as it was after an entry; at the right end it is live. */
export function ReplaySlider({ goTo }: { readonly goTo: (at: number | null) => void }) {
  const number = useRun((state) => state.number);
  const at = useRun((state) => state.at);
  const value = at ?? number;
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 border-t border-line px-4 text-11 text-fg-3">
      <span>#1</span>
      <input
        type="range"
        aria-label="Entry that is shown"
        aria-valuetext={at === null ? `live, entry ${number}` : `entry ${value} of ${number}`}
        min={1}
        max={Math.max(1, number)}
        value={value}
        onChange={({ target }) => goTo(Number(target.value) >= number ? null : Number(target.value))}
        className="h-1 min-w-0 flex-1 cursor-pointer accent-accent"
      />
      <span className="tabular-nums">
        #{value} of {number}
      </span>
    </div>
  );
}
