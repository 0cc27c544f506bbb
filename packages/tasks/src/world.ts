// What the host lends to tasks. The server builds it from its configuration.
import type { FilesRoot } from './files-root.ts';
import type { HttpClient } from './http-client.ts';

/** Which programs `command.run` may start. */
export type CommandPolicy = 'off' | 'all' | readonly string[];

export interface World {
  readonly files: FilesRoot;
  readonly http: HttpClient;
  readonly commands: CommandPolicy;
}
