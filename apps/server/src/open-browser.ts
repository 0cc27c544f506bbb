import { spawn } from 'node:child_process';

/** Asks the system to open an address in a browser. A failure is not reported, because the address is printed anyway. */
export function openBrowser(address: string, environment: NodeJS.ProcessEnv): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true, env: environment });
  child.on('error', () => undefined);
  child.unref();
}
