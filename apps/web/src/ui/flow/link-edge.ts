// The line of a link on every canvas. A line without a link is of a binding that orders two items.
import type { FlowLink } from '@windlass/engine/definition';
import { linkLabel } from './link-words.ts';
import type { FlowEdgeType } from './flow-edge.tsx';

type Line = { readonly id: string; readonly from: string; readonly to: string };

/** `onPick` is absent if links cannot be selected. */
export function linkEdge({ id, from, to }: Line, link: FlowLink | undefined, onPick?: () => void): FlowEdgeType {
  return {
    id,
    type: 'flow',
    source: from,
    target: to,
    data: {
      label: link === undefined ? null : linkLabel(link),
      goesBack: link?.again !== undefined,
      onFailure: link?.onFailure === true,
      isData: id.startsWith('data:'),
      ...(onPick === undefined ? {} : { onPick }),
    },
  };
}
