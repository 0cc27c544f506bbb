import { saveFile } from '../../../lib/save-file.ts';
import { hueVar } from '../../../ui/state/state-look.ts';
import type { Timeline } from './timeline-model.ts';
import { type PictureStyle, timelinePicture } from './timeline-picture.ts';

/** Saves the visible timeline as an SVG, in the present colours of the page. */
export function savePicture(timeline: Timeline, { job, flow }: { readonly job: string; readonly flow: string }): void {
  const probe = document.createElement('i');
  document.body.append(probe);
  const colour: PictureStyle['colour'] = (name) => {
    const isPlain = name === 'fg' || name === 'fg-3' || name === 'line' || name === 'surface';
    probe.style.color = isPlain ? `var(--${name})` : hueVar(name, 'line');
    return getComputedStyle(probe).color;
  };
  const text = timelinePicture(timeline, { title: `${flow}, ${job}`, now: Date.now(), colour });
  probe.remove();
  saveFile(`timeline-${job}.svg`, { text, type: 'image/svg+xml' });
}
