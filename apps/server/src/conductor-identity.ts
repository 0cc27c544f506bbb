// Names the conductor of this process, and recognises by the name of another one whether its process is known to be dead
// (R11). In containers, host name and pid repeat, so the name carries the machine with its process numbers, and a
// random suffix.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ConductorIdentity {
  readonly id: string;
  /** Is the process of the conductor with that id known to be dead? A process of another machine never is. */
  readonly isDead: (conductor: string) => boolean;
}

/** Where several servers share a database. */
export function sharedIdentity(machine = machineOf()): ConductorIdentity {
  const id = [hostname(), process.pid, ...(machine === null ? [] : [machine]), randomBytes(3).toString('hex')].join('-');
  return { id, isDead: (conductor) => conductor !== id && hasEnded(conductor, machine) };
}

/** Where the lock of the database file admits one server: every other process that ever held a job has ended. */
export function singleIdentity(): ConductorIdentity {
  return { id: `${hostname()}-${process.pid}`, isDead: () => true };
}

const PLACE = /-(?<pid>\d+)-(?<machine>[0-9a-f]{8})-[0-9a-f]{6}$/;

function hasEnded(conductor: string, machine: string | null): boolean {
  const place = PLACE.exec(conductor)?.groups;
  if (machine === null || place?.['machine'] !== machine) return false;
  const pid = Number(place['pid']);
  // This process has that number now, so the one before it has ended.
  return pid === process.pid || !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}

/** The boot of this machine and its namespace of process numbers, as eight letters; null where the system does not tell them. */
export function machineOf(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return createHash('sha256')
      .update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 8);
  } catch {
    return null;
  }
}
