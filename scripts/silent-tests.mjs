// A reporter for `npm test`: tells a failed test at once, and ends a run that stands still, with the files that are open. A
// thread in an endless loop obeys no time limit of its test, and the files of a stuck server use up theirs one by one.
const MOST_SILENCE_MS = 15 * 60_000;
const LOOK_EVERY_MS = 10_000;

export default class SilentTests {
  #open = new Set();
  #lastSign = Date.now();
  #timer;

  onTestRunStart() {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  onTestModuleStart(module) {
    this.#sign();
    this.#open.add(module.moduleId);
  }

  onTestModuleEnd(module) {
    this.#sign();
    this.#open.delete(module.moduleId);
  }

  onTestCaseResult(test) {
    this.#sign();
    if (test.result().state === 'failed') console.log(`failed: ${test.module.moduleId}: ${test.fullName}`);
  }

  onTestRunEnd() {
    clearInterval(this.#timer);
  }

  #sign() {
    this.#lastSign = Date.now();
  }

  #look() {
    if (Date.now() - this.#lastSign < MOST_SILENCE_MS) return;
    console.error(`No test has ended for ${MOST_SILENCE_MS / 60_000} minutes. Open files:\n${[...this.#open].join('\n')}`);
    process.exit(1);
  }
}
