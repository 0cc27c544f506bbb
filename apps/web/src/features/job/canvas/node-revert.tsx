import { NodeToolbar, Position } from '@xyflow/react';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { shownMember } from '../run/members.ts';
import { RevertTask } from '../plan/revert-button.tsx';

/**
 * The revert button of the canvas: one for all boxes, at the box under the mouse, else at the selected one. With one
 * button per box, each would render with every change of state.
 */
export function NodeRevert() {
  const { ownerOf, itemOf } = useJobPage();
  const node = useView(({ hovered, selected }) => hovered ?? (selected === null ? null : ownerOf(selected)));
  const selected = useView((state) => state.selected);
  const tasks = useRun((state) => (node === null ? undefined : state.members.get(node)?.tasks));
  const atom = useRun(({ atoms }) =>
    node === null || itemOf(node)?.kind !== 'task'
      ? null
      : tasks === undefined || tasks.length < 2
        ? (tasks?.[0] ?? node)
        : shownMember(tasks, { selected, atoms }),
  );
  const canRevert = useRun((state) => {
    const found = atom == null ? undefined : state.atoms.get(atom);
    return state.at === null && found?.state === 'SUCCESS' && found.kept === null;
  });
  if (node === null || atom == null || !canRevert) return null;
  return (
    <NodeToolbar nodeId={node} isVisible position={Position.Top} align="end" offset={2}>
      <RevertTask atom={atom} className="border !border-st-revert-line bg-surface" />
    </NodeToolbar>
  );
}
