// npm run conformance -- --cel: a line per file of the conformance data, with what does not pass below it.
import { HELD_FILES, HELD_SHARE, measureCel, shareOf } from './measure-cel.ts';

const files = measureCel();
for (const file of files) {
  const { name, passed, failed, beyond } = file;
  const share = passed + failed.length === 0 ? '' : `, ${(shareOf(file) * 100).toFixed(1)} %`;
  console.log(`${name}: ${passed} of ${passed + failed.length}${share}; ${beyond} more need Protocol Buffers`);
  for (const miss of failed) console.log(`  ${miss.name}: ${oneLine(miss.expression)}: ${oneLine(miss.why)}`);
}
const short = files.filter((file) => HELD_FILES.includes(file.name) && shareOf(file) < HELD_SHARE);
if (short.length > 0) console.log(`Below ${HELD_SHARE * 100} %: ${short.map(({ name }) => name).join(', ')}.`);
process.exitCode = short.length === 0 ? 0 : 1;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
