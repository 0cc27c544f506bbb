// The SQL that leads from one schema to another, from Prisma's schema engine as WebAssembly. The engine asks for a
// connection even where it compares two texts; it gets one that leads nowhere and answers the one question it has.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ADAPTER = { sqlite: 'sqlite', postgresql: 'postgres' };

/** SQL from schema `from` (null: an empty database) to schema `to`, both as text; '' when nothing differs. */
export async function sqlBetween(provider, from, to) {
  const engine = await openEngine(provider, to);
  const schema = (content) => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
  const { stdout } = await engine.diff({
    from: from === null ? { tag: 'empty' } : schema(from),
    to: schema(to),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  engine.free();
  return /^-- This is an empty migration/.test(stdout) ? '' : stdout;
}

let loading;

async function openEngine(provider, schema) {
  loading ??= load();
  const { SchemaEngine } = await loading;
  return SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, nowhere(ADAPTER[provider]));
}

/** Node 20 imports no WebAssembly modules by itself, so the glue and the module are put together here. */
async function load() {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = fileURLToPath(new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  return glue;
}

function nowhere(provider) {
  const named = { provider, adapterName: 'nowhere' };
  const connection = {
    ...named,
    // Asked of PostgreSQL only: is there a schema of that name, and which version is this?
    queryRaw: async () =>
      ok({ columnNames: ['exists', 'version', 'numeric_version'], columnTypes: [5, 7, 0], rows: [[true, 'PostgreSQL 15', 150000]] }),
    executeRaw: async () => ok(0),
    executeScript: async () => ok(undefined),
    dispose: async () => ok(undefined),
    getConnectionInfo: () => ok({ schemaName: 'public', supportsRelationJoins: true }),
    startTransaction: async () => {
      throw new Error('A comparison of two texts has no transaction.');
    },
  };
  return {
    ...named,
    connect: async () => ok(connection),
    connectToShadowDb: async () => ok(connection),
    errorRegistry: { consumeError: () => undefined },
  };
}

/** A result as the engine reads it. */
function ok(value) {
  return { ok: true, value, map: (change) => ok(change(value)), flatMap: (change) => change(value) };
}
