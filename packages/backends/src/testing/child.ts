// Programs that tests run in processes of their own: `node --import tsx child.ts <program> <arguments>`.
import { writeSync } from 'node:fs';
import { orderOf, startEntry } from '@windlass/engine/testing';
import Database from 'libsql';
import { migrate } from '../sqlite/migrate.ts';
import { openBackends } from '../open-backends.ts';

const [program, first = '', second = ''] = process.argv.slice(2);
// Written synchronously: every line in the pipe was acknowledged before the kill.
function say(line: string): void {
  for (let rest = `${line}\n`; rest !== ''; ) {
    try {
      rest = rest.slice(writeSync(1, rest));
    } catch (thrown) {
      // The pipe is full until its reader reads.
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN')) throw thrown;
    }
  }
}

switch (program) {
  case 'migrate': {
    const database = new Database(first);
    database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL;');
    for (const name of migrate(database, second)) say(name);
    break;
  }
  case 'write': {
    const { board, logbook } = await openBackends({ databaseUrl: `file:${first}`, prismaFolder: second });
    const writeForEver = async () => {
      const { job } = await board.post(orderOf(), 1);
      say(`${job} 1`);
      const answer = await board.claimJob(job, 'c1', Date.now());
      if (answer.kind !== 'claimed') throw new Error(`${job} was taken`);
      for (let number = 2; ; number += 1) {
        await logbook.commit({ job, token: answer.claim.token, entries: [startEntry(number, answer.claim.token)] });
        say(`${job} ${number}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, writeForEver));
    break;
  }
}
