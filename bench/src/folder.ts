// A separate folder for the files of a measurement.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function newFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `windlass-${name}-`));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Lends a folder to `work` and removes it. */
export async function withFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = newFolder(name);
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}
