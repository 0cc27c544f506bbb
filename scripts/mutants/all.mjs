// All faults of the tables, and whether the text of each still stands in its file, and its tests are there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from '../steps.mjs';
import { bounds } from './bounds.mjs';
import { conductor } from './conductor.mjs';
import { constructs } from './constructs.mjs';
import { deciding } from './deciding.mjs';
import { plans } from './plans.mjs';
import { stores } from './stores.mjs';
import { tasksAndApi } from './tasks-and-api.mjs';
import { time } from './time.mjs';
import { undoing } from './undoing.mjs';
import { waiting } from './waiting.mjs';

export const allMutants = [
  ...undoing,
  ...time,
  ...deciding,
  ...plans,
  ...constructs,
  ...conductor,
  ...stores,
  ...bounds,
  ...waiting,
  ...tasksAndApi,
];

/** A fault whose text does not stand exactly once cannot be planted, and one without a test would look found: a sentence for each. */
export function misplacedMutants() {
  return allMutants.flatMap(({ name, file, from, to, tests, slow }) => {
    const absent = [...tests, ...slow].find((path) => !existsSync(join(home, path)));
    if (absent !== undefined) return [`The planted fault "${name}" (scripts/mutants) names the test ${absent}, which is not there.`];
    const both = tests.find((path) => slow.includes(path));
    if (both !== undefined) {
      return [`The planted fault "${name}" (scripts/mutants) names ${both} among its tests and among the slow ones; leave one out.`];
    }
    const matches = readFileSync(join(home, file), 'utf8').split(from).length - 1;
    if (matches !== 1) {
      return [
        `The planted fault "${name}" (scripts/mutants) searches ${file} for a text that stands there ${matches} times, not once; change its "from".`,
      ];
    }
    return from === to ? [`The planted fault "${name}" (scripts/mutants) changes nothing.`] : [];
  });
}
