import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { cx } from '../lib/cx.ts';

export interface SplitPaneProps {
  /** The size is remembered under this name. */
  readonly id: string;
  readonly direction: 'row' | 'column';
  /** The part that keeps its size; the other takes the remaining space. */
  readonly sized: 'first' | 'second';
  readonly initial: number;
  readonly min: number;
  readonly first: ReactNode;
  readonly second: ReactNode;
  readonly label: string;
}

/** Two panes with a bar between that the mouse and the arrow keys move. */
export function SplitPane({ id, direction, sized, initial, min, first, second, label }: SplitPaneProps) {
  const key = `windlass.pane.${id}`;
  const [size, setSize] = useState(() => Number(localStorage.getItem(key)) || initial);
  const frame = useRef<HTMLDivElement>(null);
  const apply = (wanted: number) => {
    const box = frame.current?.getBoundingClientRect();
    const most = box === undefined ? wanted : (direction === 'row' ? box.width : box.height) - min;
    const next = Math.round(Math.max(min, Math.min(wanted, most)));
    setSize(next);
    localStorage.setItem(key, String(next));
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const box = frame.current?.getBoundingClientRect();
    if (event.buttons !== 1 || box === undefined) return;
    const at = direction === 'row' ? event.clientX - box.left : event.clientY - box.top;
    const whole = direction === 'row' ? box.width : box.height;
    apply(sized === 'first' ? at : whole - at);
  };
  const nudge = (event: KeyboardEvent) => {
    const towardsEnd = event.key === (direction === 'row' ? 'ArrowRight' : 'ArrowDown');
    const towardsStart = event.key === (direction === 'row' ? 'ArrowLeft' : 'ArrowUp');
    if (!towardsEnd && !towardsStart) return;
    event.preventDefault();
    apply(size + (towardsEnd === (sized === 'first') ? 16 : -16));
  };
  const fixed = { flex: `0 1 ${size}px` };
  return (
    <div ref={frame} className={cx('flex min-h-0 min-w-0 flex-1', direction === 'column' && 'flex-col')}>
      <div className="flex min-h-0 min-w-0 flex-1" style={sized === 'first' ? fixed : undefined}>
        {first}
      </div>
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
        aria-valuenow={size}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={nudge}
        className={cx(
          'relative z-20 shrink-0 bg-line hover:bg-accent-ring focus-visible:bg-accent-ring',
          direction === 'row'
            ? 'w-px cursor-col-resize after:absolute after:inset-y-0 after:-inset-x-1'
            : 'h-px cursor-row-resize after:absolute after:inset-x-0 after:-inset-y-1',
        )}
      />
      <div className="flex min-h-0 min-w-0 flex-1" style={sized === 'second' ? fixed : undefined}>
        {second}
      </div>
    </div>
  );
}
