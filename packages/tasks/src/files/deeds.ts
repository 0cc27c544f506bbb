// The list of the changes of one attempt of archive.unpack, on disk: a line before each deed, and one after each file.
import { readFile } from 'node:fs/promises';
import { exists } from './files-root.ts';

/** A file or link made where nothing was, a folder made, or a file replaced whose bytes are kept. */
export type Deed =
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
export type Whole =
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string; readonly size: number; readonly mtimeMs: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** All lines. A last line without an end was being written when the process died, so its deed had not begun. */
export async function readLines(list: string): Promise<(Deed | Whole)[]> {
  if (!(await exists(list))) return [];
  const lines = (await readFile(list, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Deed | Whole);
}

export function isDeed(line: Deed | Whole): line is Deed {
  return line.kind === 'made' || line.kind === 'folder' || line.kind === 'replaced';
}

/** The deeds alone, first one first. */
export async function readDeeds(list: string): Promise<Deed[]> {
  return (await readLines(list)).filter(isDeed);
}
