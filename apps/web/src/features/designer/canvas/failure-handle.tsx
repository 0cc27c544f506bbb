import { Handle, Position } from '@xyflow/react';

/** Id of the handle from which links on failure are drawn. */
export const FAILURE_HANDLE = 'failure';

/** Handle at the side of an item of a graph: a link drawn from it is a link on failure (P11). */
export function FailureHandle() {
  return (
    <Handle
      id={FAILURE_HANDLE}
      type="source"
      position={Position.Right}
      title="Draw a link on failure"
      className="!size-2.5 !rounded-1 !border-[1.5px] !border-st-failed-line !bg-surface hover:!bg-st-failed-bg"
    />
  );
}
