// The clock of this machine, which counts its sleep as time that passes.
import { uptime } from 'node:os';
import { machineClock } from '@windlass/engine/ports';

export const localClock = machineClock(() => uptime() * 1_000);
