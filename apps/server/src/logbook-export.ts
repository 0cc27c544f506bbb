// A logbook as a file for the person who is signed in (L3).
import { Readable } from 'node:stream';
import { type RecordSource, logbookLines, recordsOf } from '@windlass/backends';
import type { FastifyInstance } from 'fastify';
import type { SessionAccess } from './session-access.ts';

interface ExportParts {
  readonly records: RecordSource;
  readonly access: SessionAccess;
}

/** Serves `/export/logbook/JOB` as JSON Lines. */
export function mountExport(app: FastifyInstance, { records, access }: ExportParts): void {
  app.get<{ Params: { job: string } }>('/export/logbook/:job', { exposeHeadRoute: false }, async (request, reply) => {
    if ((await access.actorOf(request)) === null)
      return reply.code(401).send({ message: 'Open Windlass by the address that the server prints.' });
    const job = await records.job(request.params.job);
    if (job === undefined) return reply.code(404).send({ message: `There is no job ${request.params.job}.` });
    return reply
      .type('application/jsonl; charset=utf-8')
      .header('content-disposition', `attachment; filename="${job.id}.jsonl"`)
      .send(Readable.from(logbookLines(job, recordsOf(records, job))));
  });
}
