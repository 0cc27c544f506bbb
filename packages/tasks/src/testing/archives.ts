// Real archives made in tests, hostile ones too: no ordinary program writes those.
import { buffer } from 'node:stream/consumers';
import { crc32, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

export interface TestEntry {
  readonly name: string;
  readonly text?: string;
  readonly type?: 'symlink' | 'link' | 'directory' | 'character-device';
  readonly to?: string;
  readonly mode?: number;
}

export async function tarOf(entries: readonly TestEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, text = '', type = 'file', to, mode } of entries) {
    const header: Partial<Header> & { name: string } = {
      name,
      type,
      ...(to === undefined ? {} : { linkname: to }),
      ...(mode === undefined ? {} : { mode }),
    };
    if (type === 'file') tar.entry(header, text);
    else tar.entry(header);
  }
  tar.finalize();
  return buffer(tar);
}

export async function tarGzOf(entries: readonly TestEntry[]): Promise<Buffer> {
  return gzipSync(await tarOf(entries));
}

/** A zip of stored entries, written by hand: whatever name and file type is asked for. */
export function zipOf(entries: readonly TestEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text = '', type, to, mode = 0o644 } of entries) {
    const content = Buffer.from(type === 'symlink' ? (to ?? '') : text);
    const file = Buffer.from(name);
    const fileType = type === 'symlink' ? 0o120000 : type === 'character-device' ? 0o020000 : type === 'directory' ? 0o040000 : 0o100000;
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(content.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    sizes.writeUInt16LE(file.length, 12);
    const versionFlagsMethodTime = Buffer.from([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), versionFlagsMethodTime, sizes, file, content]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((fileType | mode) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 3]), versionFlagsMethodTime, sizes, tail, file]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
