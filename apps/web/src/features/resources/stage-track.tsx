import { cx } from '../../lib/cx.ts';

/** The stages of a resource in their order, up to the one that it has reached. */
export function StageTrack({ stages, reached }: { readonly stages: readonly string[]; readonly reached: string }) {
  const last = stages.indexOf(reached);
  return (
    <span className="flex items-center gap-1.5" role="img" aria-label={`${reached}, stage ${last + 1} of ${stages.length}`}>
      {stages.map((stage, index) => (
        <i key={stage} className={cx('h-1.5 w-6 rounded-full', index <= last ? 'bg-st-success-solid' : 'bg-line-strong')} />
      ))}
      <span className="ml-1 text-fg-2">{reached}</span>
    </span>
  );
}
