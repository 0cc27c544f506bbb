// A new server starts with the example flows and their files.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { Services } from '@windlass/api';
import { validateDefinition } from '@windlass/engine/definition';
import { ENGINE_ACTOR } from '@windlass/engine/run';
import { pack } from 'tar-stream';

export interface Seeding {
  readonly services: Services;
  /** The folder `examples`. */
  readonly examplesFolder: string;
  readonly filesFolder: string;
  /** The address of the example site. */
  readonly origin: string;
}

/** Publishes the example flows when the store has no flow. Returns the number of published flows. */
export async function seedExamples({ services, examplesFolder, filesFolder, origin }: Seeding): Promise<number> {
  if (!existsSync(examplesFolder) || (await services.flows.list()).length > 0) return 0;
  let published = 0;
  for (const name of (await readdir(examplesFolder)).sort().reverse()) {
    const file = join(examplesFolder, name, 'flow.json');
    if (!existsSync(file)) continue;
    const document = (await readFile(file, 'utf8')).replaceAll('{{siteUrl}}', origin);
    const { definition, problems } = validateDefinition(JSON.parse(document), services.findType);
    if (definition === null) throw new Error(`The example ${name} is not a flow definition: ${problems[0]?.message}`);
    const draft = await services.flows.create(definition, ENGINE_ACTOR, services.now());
    await services.flows.publish(
      { flow: draft.id, revision: draft.revision, note: 'The example as it comes.' },
      ENGINE_ACTOR,
      services.now(),
    );
    await packSites(join(examplesFolder, name, 'sites'), join(filesFolder, 'site', 'inbox'));
    published += 1;
  }
  return published;
}

/** Puts each folder of `sites` as an archive into the inbox, as a build would. */
async function packSites(sites: string, inbox: string): Promise<void> {
  if (!existsSync(sites)) return;
  await mkdir(inbox, { recursive: true });
  for (const site of await readdir(sites)) {
    const root = join(sites, site);
    const tar = pack();
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const full = join(entry.parentPath, entry.name);
      tar.entry({ name: relative(root, full) }, await readFile(full));
    }
    tar.finalize();
    await writeFile(join(inbox, `${site}.tar.gz`), await buffer(tar.pipe(createGzip())));
  }
}
