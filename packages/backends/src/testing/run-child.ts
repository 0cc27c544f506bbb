// Runs one of the programs of child.ts in a process of its own, for tests that need two, or one to kill.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface ChildEnd {
  readonly output: string;
  readonly code: number | null;
}

/** Runs to the end. With `killWhen` the process is killed (SIGKILL) once its output satisfies that. */
export function runChild(program: string, args: readonly string[], killWhen?: (output: string) => boolean): Promise<ChildEnd> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'child.ts'), program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output += text;
      if (killWhen?.(output)) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ output, code }));
  });
}
