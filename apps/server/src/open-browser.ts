import { spawn } from 'node:child_process';

/** Asks the system to show an address; says nothing when it cannot, as the address is printed anyway. */
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
