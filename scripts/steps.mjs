// Steps that say what they do and how long it took, and are skipped when nothing that they read has changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stamps = join(home, 'node_modules', '.windlass');

/** Runs a command in the home folder. Resolves with its exit code; its output is shown, or kept for `quiet`. */
export function run(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: home,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    let text = '';
    child.stdout?.on('data', (chunk) => (text += chunk));
    child.stderr?.on('data', (chunk) => (text += chunk));
    child.on('error', (error) => done({ code: 1, text: String(error) }));
    child.on('close', (code) => done({ code: code ?? 1, text }));
  });
}

/** A program of node_modules/.bin. */
export function bin(name) {
  return join(home, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

let out = process.stdout;

/** Where steps are printed; a program whose stdout is data has them on stderr. */
export function speakOn(stream) {
  out = stream;
}

/** Runs `work` and prints one line about it. Throws with what was printed when it fails. */
export async function step(words, work) {
  const started = Date.now();
  out.write(`${words} … `);
  const { code, text } = await work();
  out.write(`${code === 0 ? 'done' : 'failed'}, ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  if (code !== 0) {
    process.stderr.write(text ?? '');
    throw new Error(`${words} failed.`);
  }
}

/** A step that is skipped while the hash of its inputs is that of its last success, and its result is there. */
export async function stepUnlessFresh(words, { name, inputs, result }, work) {
  const hash = hashOf(inputs);
  const stamp = join(stamps, name);
  if (existsSync(join(home, result)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  rmSync(stamp, { force: true });
  await step(words, work);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
}

/** Hash of the names, sizes and times of files: reading them all would cost a second at each start. Tests are built into nothing. */
function hashOf(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) {
    for (const file of filesIn(join(home, path))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}:${size}:${mtimeMs};`);
    }
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'dist', 'generated'].includes(name) && !/\.(test|spec)\.tsx?$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)]));
}
