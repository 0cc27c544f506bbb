// A file is one idea: at most 400 lines, tests 600. Generated code does not count.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { home } from './steps.mjs';

const tooLong = ['packages', 'apps', 'scripts', 'bench', 'prisma', 'docs'].flatMap((folder) => walk(join(home, folder))).filter(({ lines, most }) => lines > most);
for (const { file, lines, most } of tooLong) console.error(`${file} has ${lines} lines; at most ${most}. Split it by idea.`);
process.exit(tooLong.length === 0 ? 0 : 1);

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'generated'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    if (!/\.(ts|tsx|mjs|cjs|css)$/.test(entry.name)) return [];
    const isTest = /\.(test|spec)\.tsx?$/.test(entry.name);
    return [{ file: relative(home, path), lines: readFileSync(path, 'utf8').split('\n').length - 1, most: isTest ? 600 : 400 }];
  });
}
