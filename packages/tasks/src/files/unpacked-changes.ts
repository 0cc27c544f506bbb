// The later changes of the files of an unpacked archive: missing files, and changed files.
import { lstat, readlink } from 'node:fs/promises';
import type { Deed, Whole } from './deeds.ts';
import { type FilesRoot, exists } from './files-root.ts';
import { sha256Of } from './whole-file.ts';

/** Paths of missing files. */
export async function goneAmong(files: FilesRoot, deeds: readonly Deed[]): Promise<string[]> {
  const gone: string[] = [];
  for (const { path } of deeds) if ((await standsAt(files, path)) === 'gone') gone.push(path);
  return gone;
}

/**
 * Paths of files and links that exist and differ from the unpacked ones. A half-written file is not among
 * them, nor a file that an interrupted revert has restored. `keep` gives the place of the replaced bytes.
 */
export async function changedAmong(
  files: FilesRoot,
  lines: readonly (Deed | Whole)[],
  keep: (part: number) => Promise<string>,
): Promise<string[]> {
  const wholes = new Map<string, Whole>();
  const kept = new Map<string, number[]>();
  for (const line of lines) {
    if (line.kind === 'file' || line.kind === 'link') wholes.set(line.path, line);
    if (line.kind === 'replaced') kept.set(line.path, [...(kept.get(line.path) ?? []), line.kept]);
  }
  const changed: string[] = [];
  for (const [path, whole] of wholes) {
    const stands = await standsAt(files, path);
    if (stands === 'gone') continue;
    const isOurs =
      stands !== 'moved' && ((await isAsUnpacked(stands.path, whole)) || (await isPutBack(stands.path, kept.get(path) ?? [], keep)));
    if (!isOurs) changed.push(path);
  }
  return changed;
}

async function standsAt(files: FilesRoot, path: string): Promise<{ readonly path: string } | 'gone' | 'moved'> {
  const found = await files.find(path);
  return typeof found === 'string' || (await exists(found.path)) ? found : 'gone';
}

async function isAsUnpacked(path: string, whole: Whole): Promise<boolean> {
  const stats = await lstat(path);
  if (whole.kind === 'link') return stats.isSymbolicLink() && (await readlink(path)) === whole.target;
  if (!stats.isFile() || stats.size !== whole.size) return false;
  return stats.mtimeMs === whole.mtimeMs || (await sha256Of(path)) === whole.sha256;
}

async function isPutBack(path: string, parts: readonly number[], keep: (part: number) => Promise<string>): Promise<boolean> {
  if (parts.length === 0 || !(await lstat(path)).isFile()) return false;
  const own = await sha256Of(path);
  for (const part of parts) {
    const place = await keep(part);
    if ((await exists(place)) && (await sha256Of(place)) === own) return true;
  }
  return false;
}
