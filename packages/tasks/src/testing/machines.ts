// A service that gives out machines over HTTP, as a test's own: reservations with their configuration and acquisition.
import type { Heard, Reply } from './site.ts';

export interface Machine {
  readonly id: string;
  readonly key: string;
  configuration?: unknown;
  acquired?: true;
}

/** Answers as the service; `failing` says which requests it refuses, such as `POST /m/1/acquisition`. */
export function machineService(failing: (request: string) => boolean = () => false) {
  const machines = new Map<string, Machine>();
  let made = 0;
  const answer = ({ method, url, body, headers }: Heard): Reply => {
    const { pathname, searchParams } = new URL(url, 'http://service');
    if (failing(`${method} ${pathname}`)) return { status: 503, body: 'no' };
    const [, , id = '', part = ''] = pathname.split('/');
    const key = String(headers['idempotency-key'] ?? '');
    if (method === 'POST' && id === '') {
      const known = [...machines.values()].find((one) => one.key === key);
      const machine = known ?? { id: `m${++made}`, key };
      machines.set(machine.id, machine);
      return json(201, { id: machine.id, name: `box ${machine.id}` });
    }
    if (method === 'DELETE' && id === '') {
      for (const one of machines.values()) if (one.key === searchParams.get('key')) machines.delete(one.id);
      return { status: 204 };
    }
    const machine = machines.get(id);
    if (machine === undefined) return { status: 404 };
    if (method === 'DELETE' && part === '') machines.delete(id);
    else if (part === 'configuration') {
      if (method === 'PUT') machine.configuration = JSON.parse(body);
      else delete machine.configuration;
    } else if (part === 'acquisition') {
      if (method === 'POST') machine.acquired = true;
      else delete machine.acquired;
      return json(200, { host: '10.1.2.3' });
    }
    return json(200, machine);
  };
  return { machines, answer };
}

function json(status: number, value: unknown): Reply {
  return { status, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}
