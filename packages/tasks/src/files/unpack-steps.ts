// The list of the changes of one attempt of archive.unpack, on disk: a line before each step, and one after each file.
import { readFile } from 'node:fs/promises';
import { exists } from './files-root.ts';

/** A file or link made where nothing was, a folder made, or a file replaced whose bytes are kept. */
export type UnpackStep =
  | { readonly kind: 'made' | 'folder'; readonly path: string }
  | {
      readonly kind: 'replaced';
      readonly path: string;
      readonly kept: number;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

/** The state of a finished file or link. The file is read again only when its time or size has changed. */
export type FinishedFile =
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string; readonly size: number; readonly mtimeMs: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** All lines. A last line without an end was being written when the process died, so its step had not begun. */
export async function readLines(list: string): Promise<(UnpackStep | FinishedFile)[]> {
  if (!(await exists(list))) return [];
  const lines = (await readFile(list, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as UnpackStep | FinishedFile);
}

export function isStep(line: UnpackStep | FinishedFile): line is UnpackStep {
  return line.kind === 'made' || line.kind === 'folder' || line.kind === 'replaced';
}

/** The steps alone, first one first. */
export async function readSteps(list: string): Promise<UnpackStep[]> {
  return (await readLines(list)).filter(isStep);
}
