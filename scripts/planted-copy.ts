// A copy of the workspace in a temporary folder, for tests that plant something wrong: whoever works in the real one
// meanwhile (an editor, a watching server, another test) never sees it, and a test that is killed leaves nothing there.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '..');
const ROOMS = ['packages', 'apps'];
const WORKSHOP = ['bench', 'conformance'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'e2e', 'test-results']);
const ROOT_FILES = /^(\.dependency-cruiser\.cjs|\.gitignore|biome\.json|knip\.json|package\.json|pnpm-workspace\.yaml|tsconfig.*\.json)$/;

export interface PlantedCopy {
  readonly folder: string;
  plant(file: string, text: string): void;
  remove(): void;
}

export function copyWorkspace(): PlantedCopy {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'windlass-walls-')));
  for (const name of readdirSync(home).filter((name) => ROOT_FILES.test(name))) cpSync(join(home, name), join(folder, name));
  for (const name of [...ROOMS, ...WORKSHOP, 'scripts', 'prisma']) {
    cpSync(join(home, name), join(folder, name), { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  }
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  for (const room of ROOMS) {
    for (const name of readdirSync(join(folder, room))) linkModules(folder, join(room, name));
  }
  for (const room of WORKSHOP) linkModules(folder, room);
  return {
    folder,
    plant: (file, text) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Installed packages stay in the workspace; the workspace's own packages are those of the copy. */
function linkModules(folder: string, place: string): void {
  const installed = join(home, place, 'node_modules');
  if (!existsSync(installed)) return;
  mkdirSync(join(folder, place, 'node_modules/@windlass'), { recursive: true });
  for (const name of readdirSync(installed).filter((name) => name !== '@windlass' && !name.startsWith('.'))) {
    symlinkSync(join(installed, name), join(folder, place, 'node_modules', name));
  }
  const own = join(installed, '@windlass');
  for (const name of existsSync(own) ? readdirSync(own) : []) {
    const target = realpathSync(join(own, name)).slice(home.length);
    symlinkSync(join(folder, target), join(folder, place, 'node_modules/@windlass', name));
  }
}
