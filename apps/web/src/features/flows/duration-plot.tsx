import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { durationWords } from '../../lib/times.ts';
import type { DurationPoint } from './run-statistics.ts';

const HEIGHT = 220;

/** Durations of runs as dots, and their percentiles as lines. */
export function DurationPlot({ points }: { readonly points: readonly DurationPoint[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const frame = box.current;
    if (frame === null) return;
    const data: uPlot.AlignedData = [
      points.map(({ time }) => time / 1_000),
      points.map(({ took }) => took),
      points.map(({ p50 }) => p50),
      points.map(({ p95 }) => p95),
      points.map(({ p99 }) => p99),
    ];
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(optionsFor(frame), data, frame);
    };
    draw();
    const resized = new ResizeObserver(() => plot?.setSize({ width: frame.clientWidth, height: HEIGHT }));
    resized.observe(frame);
    // The plot is a canvas element, so it must be drawn again after a change of theme.
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot?.destroy();
    };
  }, [points]);
  return (
    <div
      ref={box}
      role="img"
      aria-label={`Durations of ${points.length} runs`}
      className="w-full [&_.u-legend]:!text-11 [&_.u-legend_th]:!font-medium"
    />
  );
}

function optionsFor(frame: HTMLElement): uPlot.Options {
  const style = getComputedStyle(frame);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--fg-3'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '11px system-ui',
  };
  const words = (_plot: uPlot, value: number | null) => (value === null ? '–' : durationWords(value));
  const line = (label: string, name: string, dash: number[]) => ({
    label,
    stroke: colour(name),
    width: 1.5,
    dash,
    points: { show: false },
    value: words,
  });
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    axes: [axis, { ...axis, size: 64, values: (_plot, values) => values.map((value) => durationWords(value)) }],
    scales: { y: { range: (_plot, _least, most) => [0, most * 1.1 || 1] } },
    series: [
      { label: 'Started' },
      {
        label: 'Took',
        stroke: colour('--st-success-line'),
        paths: () => null,
        points: { show: true, size: 5, fill: colour('--st-success-line') },
        value: words,
      },
      line('p50', '--st-running-line', []),
      line('p95', '--st-waiting-line', [6, 3]),
      line('p99', '--st-failed-line', [2, 3]),
    ],
  };
}
