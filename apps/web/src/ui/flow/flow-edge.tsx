// A line between two boxes, straight or going back around them, with its label in the middle.
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath, useInternalNode } from '@xyflow/react';
import type { CSSProperties } from 'react';
import { cx } from '../../lib/cx.ts';

export type FlowEdgeData = {
  readonly label: string | null;
  readonly goesBack: boolean;
  /** Taken when its source has failed. */
  readonly onFailure: boolean;
  /** A binding orders the two items; the line was not drawn by a person. */
  readonly isData: boolean;
  /** Absent if links cannot be selected. */
  readonly onPick?: () => void;
};
export type FlowEdgeType = Edge<FlowEdgeData, 'flow'>;

const ASIDE = 36;
const ROUND = 10;

export function FlowEdge(props: EdgeProps<FlowEdgeType>) {
  const { id, source, target, data, selected = false, markerEnd } = props;
  const from = useInternalNode(source);
  const to = useInternalNode(target);
  const isDown = props.sourcePosition === 'bottom';
  const goesBack = data?.goesBack === true;
  const far =
    from === undefined || to === undefined
      ? 0
      : isDown
        ? Math.max(...[from, to].map(({ internals, measured }) => internals.positionAbsolute.x + (measured.width ?? 0)))
        : Math.max(...[from, to].map(({ internals, measured }) => internals.positionAbsolute.y + (measured.height ?? 0)));
  const [path, x, y] = goesBack ? backPath(props, { isDown, far: far + ASIDE }) : onPath(props, isDown);
  const onFailure = data?.onFailure === true;
  const stroke = selected
    ? 'var(--accent-ring)'
    : goesBack
      ? 'var(--st-running-line)'
      : onFailure
        ? 'var(--st-failed-line)'
        : 'var(--link)';
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        {...(markerEnd === undefined ? {} : { markerEnd })}
        style={{
          stroke,
          strokeWidth: 1.5,
          ...(goesBack || onFailure ? { strokeDasharray: '6 4' } : data?.isData ? { strokeDasharray: '4 3' } : {}),
        }}
      />
      {data?.label && (
        <EdgeLabelRenderer>
          <Label
            className={cx(
              'nodrag nopan absolute max-w-64 truncate rounded-1 border bg-surface px-1.5 font-mono text-10',
              goesBack && 'border-st-running-line text-st-running-fg',
              onFailure && 'border-st-failed-line text-st-failed-fg',
              !goesBack && !onFailure && 'border-line-strong text-fg-2',
              selected && '!border-accent-ring',
            )}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`, zIndex: 20 }}
            onPick={data.onPick}
          >
            {data.label}
          </Label>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

/** Downwards, the label is nearer to the target, because at the source the labels of several links would overlap. */
function onPath(props: EdgeProps<FlowEdgeType>, isDown: boolean): [string, number, number] {
  const { sourceX, sourceY, targetX, targetY } = props;
  const [path, x, y] = getBezierPath(props);
  if (!isDown) return [path, x, y];
  return [path, sourceX + (targetX - sourceX) * 0.7, sourceY + (targetY - sourceY) * 0.58];
}

interface LabelProps {
  readonly className: string;
  readonly style: CSSProperties;
  readonly onPick: (() => void) | undefined;
  readonly children: string;
}

/** The label can be clicked to select the link; with the keyboard the line itself takes focus. */
function Label({ className, style, onPick, children }: LabelProps) {
  if (onPick === undefined)
    return (
      <span className={className} style={style}>
        {children}
      </span>
    );
  return (
    <button type="button" tabIndex={-1} className={cx(className, 'pointer-events-auto')} style={style} onClick={onPick}>
      {children}
    </button>
  );
}

interface Ends {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
}

/** A path from the end of the source along the side of both boxes to the beginning of the target, and the middle of that side. */
export function backPath(
  { sourceX, sourceY, targetX, targetY }: Ends,
  { isDown, far }: { readonly isDown: boolean; readonly far: number },
): [string, number, number] {
  const out = ASIDE / 2;
  const points: [number, number][] = isDown
    ? [
        [sourceX, sourceY],
        [sourceX, sourceY + out],
        [far, sourceY + out],
        [far, targetY - out],
        [targetX, targetY - out],
        [targetX, targetY],
      ]
    : [
        [sourceX, sourceY],
        [sourceX + out, sourceY],
        [sourceX + out, far],
        [targetX - out, far],
        [targetX - out, targetY],
        [targetX, targetY],
      ];
  const middle: [number, number] = isDown ? [far, (sourceY + targetY) / 2] : [(sourceX + targetX) / 2, far];
  return [rounded(points), ...middle];
}

/** A path of straight pieces with rounded corners. */
function rounded(points: readonly [number, number][]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M ${x} ${y}`;
      if (after === undefined) return `L ${x} ${y}`;
      const [ax, ay] = towards([x, y], before);
      const [bx, by] = towards([x, y], after);
      return `L ${ax} ${ay} Q ${x} ${y} ${bx} ${by}`;
    })
    .join(' ');
}

function towards([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]): [number, number] {
  const length = Math.hypot(toX - x, toY - y);
  const part = length === 0 ? 0 : Math.min(ROUND, length / 2) / length;
  return [x + (toX - x) * part, y + (toY - y) * part];
}
