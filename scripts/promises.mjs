// docs/promises.md against the code: every cited number is on the page, and a test names every promise that is built.
// The workloads of bench are called W1 to W8 and are no promises, so bench and scripts are left out.

const NUMBER = /\b[A-Z]\d{1,2}\b/g;
const RANGE = /\b([A-Z])(\d{1,2}) to \1(\d{1,2})\b/g;

const ELSEWHERE = /^(?:bench|scripts)[/\\]/;

/** Complaints about the page and the files; `files` have a path and a text. */
export function judgePromises(page, files) {
  const [built, planned] = page.split('## Not built yet').map(listed);
  const cited = files
    .filter(({ file }) => !ELSEWHERE.test(file))
    .map(({ file, text }) => ({ file, numbers: citedIn(text), named: namedIn(text) }));
  const named = new Set(cited.flatMap((one) => [...one.named]));
  return [
    ...cited.flatMap(({ file, numbers }) => [...numbers].flatMap((number) => unknown(file, number, [...built, ...(planned ?? [])]))),
    ...built.filter((number) => !named.has(number)).map((number) => `No test names the promise ${number} of docs/promises.md.`),
    ...(planned ?? [])
      .filter((number) => named.has(number))
      .map((number) => `A test names ${number}; move it out of "Not built yet" in docs/promises.md.`),
  ];
}

function unknown(file, number, all) {
  return all.includes(number) ? [] : [`${file} cites ${number}, which docs/promises.md does not list.`];
}

function listed(part) {
  return [...part.matchAll(/^\| ([A-Z]\d{1,2}) \|/gm)].map(([, number]) => number);
}

/** Numbers in comments and in names of tests; other text may hold the same letters by chance. */
function citedIn(text) {
  const comments = text.split('\n').flatMap((line) => (/^\s*(?:\/\/|\/\*\*|\*)/.test(line) ? [line] : (/\s\/\/ .*$/.exec(line) ?? [])));
  return new Set([...comments.flatMap(numbersIn), ...namedIn(text)]);
}

function namedIn(text) {
  const titles = [...text.matchAll(/\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`]*\))?\(\s*(['"`])(.*)/g)].map(([, , title]) => title);
  const ofTables = [...text.matchAll(/\)\(\s*(['"`])(.*)/g)].map(([, , title]) => title);
  return new Set([...titles, ...ofTables].flatMap(numbersIn));
}

function numbersIn(text) {
  const ranges = [...text.matchAll(RANGE)].flatMap(([, letter, from, to]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${letter}${Number(from) + index}`),
  );
  return [...(text.match(NUMBER) ?? []), ...ranges];
}
