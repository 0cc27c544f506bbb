// A small name service for the example: names, changes that can be taken back, zones, and notices. All in memory.
//   node examples/tasks/service/name-service.mjs 4710
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** How long a server takes to hear of a change, for the first, the second and the third. */
const DELAYS = [0, 30, 60];

/** The longest time to live of a zone's records, in seconds. */
const LONGEST = 86_400;

/** Serves on loopback; answers with its address, what it keeps, and the way to stop it. */
export async function startNameService(port = 0) {
  const kept = { names: new Map(), changes: new Map(), notices: new Map(), zones: new Map(), subscribers: 3 };
  const server = createServer((request, response) => {
    const send = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    answer(kept, request).then(
      (body) => (body === null ? send(404, { message: 'There is nothing of that name.' }) : send(200, body)),
      (error) => send(500, { message: error.message }),
    );
  });
  await new Promise((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  const place = `127.0.0.1:${server.address().port}`;
  return {
    origin: `http://${place}`,
    place,
    kept,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer({ names, changes, notices, zones, subscribers }, request) {
  const [kind, id, part] = request.url.slice(1).split('/').map(decodeURIComponent);
  switch (`${request.method} ${kind}${part === undefined ? '' : `/${part}`}`) {
    case 'GET names/servers': {
      const record = names.get(id);
      const at = (delay) => (record === undefined ? null : Date.now() - record.since >= delay ? record.address : record.before);
      return { addresses: DELAYS.map(at) };
    }
    case 'PUT changes': {
      const { name, address } = await json(request);
      const known = changes.get(id);
      if (known !== undefined) return known;
      const previous = names.get(name)?.address ?? null;
      const change = { name, address, previous };
      changes.set(id, change);
      names.set(name, { address, before: previous, since: Date.now() });
      return change;
    }
    case 'GET changes':
      return changes.get(id) ?? null;
    case 'DELETE changes': {
      const change = changes.get(id);
      if (change === undefined) return null;
      changes.delete(id);
      if (change.previous === null) names.delete(change.name);
      else names.set(change.name, { address: change.previous, before: change.address, since: Date.now() });
      return change;
    }
    case 'PUT zones': {
      const { name } = await json(request);
      if (!zones.has(id)) zones.set(id, { zone: id, name });
      return zones.get(id);
    }
    case 'PUT zones/settings': {
      const { ttl } = await json(request);
      if (ttl > LONGEST) throw new Error(`A time to live of ${ttl} s is more than a day.`);
      return setIn(zones, id, { ttl });
    }
    case 'PUT zones/opening':
      return setIn(zones, id, { open: true });
    case 'DELETE zones':
      return zones.delete(id) ? {} : null;
    case 'PUT notices': {
      const { text } = await json(request);
      if (!notices.has(id)) notices.set(id, text);
      return { readers: subscribers };
    }
    case 'GET notices':
      return { texts: [...notices.values()] };
    default:
      return null;
  }
}

function setIn(zones, id, more) {
  const zone = zones.get(id);
  return zone === undefined ? null : Object.assign(zone, more);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { origin } = await startNameService(Number(process.argv[2] ?? 4710));
  console.log(`The name service is ready: ${origin}`);
}
