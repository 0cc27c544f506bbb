// All faults of the tables, and whether the text of each still stands in its file.
import { readFileSync } from 'node:fs';
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

/** A fault whose text does not stand exactly once cannot be planted: a sentence for each. */
export function misplacedMutants() {
  return allMutants.flatMap(({ name, file, from, to }) => {
    const matches = readFileSync(join(home, file), 'utf8').split(from).length - 1;
    if (matches !== 1) {
      return [
        `The planted fault "${name}" (scripts/mutants) searches ${file} for a text that stands there ${matches} times, not once; change its "from".`,
      ];
    }
    return from === to ? [`The planted fault "${name}" (scripts/mutants) changes nothing.`] : [];
  });
}
