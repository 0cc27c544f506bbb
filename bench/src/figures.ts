// Condenses measured numbers.
import { monitorEventLoopDelay } from 'node:perf_hooks';

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** The value below which that share of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Interval of measuring the event loop, in ms. */
const LOOKED_AT = 5;

/**
 * The longest turn of the event loop so far, in ms, the pauses of the garbage collector and of a busy machine included. In
 * memory, work that waits for nothing is one turn.
 */
export function watchLoop(): () => number {
  const delays = monitorEventLoopDelay({ resolution: LOOKED_AT });
  const started = performance.now();
  delays.enable();
  return () => {
    delays.disable();
    return round(delays.count === 0 ? performance.now() - started : Math.max(0, delays.max / 1e6 - LOOKED_AT));
  };
}

/** Runs `work`; how long it took in seconds, the CPU time of the process in µs, and the longest turn of the loop in ms. */
export async function measured(
  work: () => Promise<void>,
): Promise<{ readonly seconds: number; readonly cpu: number; readonly loop: number }> {
  const longestTurn = watchLoop();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpu: user + system, loop: longestTurn() };
}

/** Most memory that this process ever had, in MB. */
export function peakMemory(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_000);
}
