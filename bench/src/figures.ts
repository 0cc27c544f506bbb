// How measured numbers are condensed.

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** The value below which that share of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Runs `work`; how long it took in seconds, and the CPU time of the process in µs. */
export async function measured(work: () => Promise<void>): Promise<{ readonly seconds: number; readonly cpu: number }> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpu: user + system };
}

/** Most memory that this process ever had, in MB. */
export function peakMemory(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_000);
}
