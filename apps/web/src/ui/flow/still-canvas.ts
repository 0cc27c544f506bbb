/** The canvas of a flow that is only looked at: nothing on it can be moved, linked or chosen by React Flow itself. */
export const STILL_CANVAS = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  minZoom: 0.05,
  maxZoom: 2,
  proOptions: { hideAttribution: true },
  className: '!bg-transparent',
} as const;

/** With more boxes than this, only the visible ones are rendered. */
export const ALL_IN_PAGE = 300;
