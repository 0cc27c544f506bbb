// The later changes of the files of an unpacked archive: missing files, and changed files.
import { lstat, readlink } from 'node:fs/promises';
import type { UnpackStep, FinishedFile } from './unpack-steps.ts';
import { type FilesRoot, exists } from './files-root.ts';
import { sha256Of } from './whole-file.ts';

/** Paths of missing files. */
export async function goneAmong(files: FilesRoot, steps: readonly UnpackStep[]): Promise<string[]> {
  const gone: string[] = [];
  for (const { path } of steps) if ((await standsAt(files, path)) === 'gone') gone.push(path);
  return gone;
}

/**
 * Paths of files and links that exist and differ from the unpacked ones. A half-written file is not among
 * them, nor a file that an interrupted revert has restored. `keep` gives the place of the replaced bytes.
 */
export async function changedAmong(
  files: FilesRoot,
  lines: readonly (UnpackStep | FinishedFile)[],
  keep: (part: number) => Promise<string>,
): Promise<string[]> {
  const finished = new Map<string, FinishedFile>();
  const kept = new Map<string, number[]>();
  for (const line of lines) {
    if (line.kind === 'file' || line.kind === 'link') finished.set(line.path, line);
    if (line.kind === 'replaced') kept.set(line.path, [...(kept.get(line.path) ?? []), line.kept]);
  }
  const changed: string[] = [];
  for (const [path, file] of finished) {
    const stands = await standsAt(files, path);
    if (stands === 'gone') continue;
    const isOurs =
      stands !== 'moved' && ((await isAsUnpacked(stands.path, file)) || (await isPutBack(stands.path, kept.get(path) ?? [], keep)));
    if (!isOurs) changed.push(path);
  }
  return changed;
}

async function standsAt(files: FilesRoot, path: string): Promise<{ readonly path: string } | 'gone' | 'moved'> {
  const found = await files.find(path);
  return typeof found === 'string' || (await exists(found.path)) ? found : 'gone';
}

async function isAsUnpacked(path: string, file: FinishedFile): Promise<boolean> {
  const stats = await lstat(path);
  if (file.kind === 'link') return stats.isSymbolicLink() && (await readlink(path)) === file.target;
  if (!stats.isFile() || stats.size !== file.size) return false;
  return stats.mtimeMs === file.mtimeMs || (await sha256Of(path)) === file.sha256;
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
