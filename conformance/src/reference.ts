// The rules of docs/promises.md in their plainest form, over a drawn flow: what a case that says "here it is
// different" is compared with. It shares no code with the engine: it looks at the whole graph after every step, where the
// engine counts, and it knows nothing of logbooks, claims and entries. Where a case says "the same", this must agree
// with what was observed (conformance.test.ts); that is what makes it worth comparing with.
//
// 1. A failure asks the retries around it, the nearest first. RETRY undoes that flow alone and begins it again. When
//    none retries, the whole flow reverts. 2. An atom reverts when everything after it that ran is undone; a failed revert
//    blocks only what comes before it, and the run ends REVERT_FAILED. 3. An argument that is absent, or a decider
//    that raises, is a failure of the atom, resolved like any other. 4. A rerun is a new run; a finished run does nothing.
import type { Json } from '@windlass/engine/definition';
import { NotRunnable, type Call, type Step } from './case.ts';
import { Conducts } from './conduct.ts';
import type { DrawnRetry } from './drawing.ts';
import { valuesOf } from './names.ts';
import { type Known, pendingAtoms } from './reference-atoms.ts';
import { callTask } from './reference-calls.ts';
import { atomsUpTo, ignoredBy, voteAt } from './reference-deciders.ts';
import { plainValue, triesOf, wordOf } from './reference-retries.ts';
import { WHOLE, inScope, isOpen, passedNodes, readyToRevert, resetOrder, retriesAround } from './reference-order.ts';
import type { DrawnNode } from './drawn-graph.ts';
import { type Awaited, type Plan, type StepOutcome, type Subject, awaitedBy, demandKnown } from './subject.ts';

interface Underway {
  readonly node: DrawnNode;
  readonly kind: 'apply' | 'revert';
}

export class Reference implements Subject {
  readonly #plan: Plan;
  readonly #conducts = new Conducts();
  #known = new Map<number, Known>();
  #flow = 'PENDING';
  #underway: Underway[] = [];
  /** Flows being undone for a retry, by number; WHOLE for the run. */
  #scopes = new Set<number>();
  /** Failures that no retry has taken and no rollback has begun for. */
  #unresolved = false;
  #failures: string[] = [];
  #gates = new Set<number>();
  #isPausing = false;
  #deferred: DrawnNode[] = [];
  #awaited: Awaited | null = null;
  #clock = 0;
  #events: string[] = [];
  #calls: Call[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#begin();
  }

  perform(step: Step): StepOutcome {
    this.#events = [];
    this.#calls = [];
    switch (step.op) {
      case 'run':
      case 'run_iter':
      case 'crash_run':
        demandKnown(step, ['fresh_engine', 'flow', 'suspend_on']);
        this.#run(awaitedBy(step));
        break;
      case 'reset':
        this.#begin();
        break;
      case 'suspend':
        break;
      default:
        throw new NotRunnable(`a step ${step.op} in a case that differs`);
    }
    return this.#seen();
  }

  #begin(): void {
    this.#known = pendingAtoms(this.#plan.graph);
    this.#flow = 'PENDING';
    this.#underway = [];
    this.#scopes.clear();
    this.#unresolved = false;
    this.#failures = [];
    this.#gates.clear();
    this.#deferred = [];
    this.#isPausing = false;
  }

  #run(awaited: Awaited | null): void {
    if (this.#flow === 'SUCCESS') return;
    if (this.#flow === 'REVERTED') this.#begin();
    if (this.#flow === 'FAILURE') {
      this.#unresolved = false;
      this.#scopes = new Set([WHOLE]);
    }
    const again = this.#flow === 'REVERT_FAILED' ? [...this.#known].filter(([, { state }]) => state === 'REVERT_FAILURE') : [];
    this.#flow = 'RUNNING';
    this.#events.push('flow RUNNING');
    this.#awaited = awaited;
    for (const failed of this.#deferred.splice(0)) this.#resolveNow(failed);
    for (const [index] of again) this.#revert(index);
    for (this.#goOn(); this.#underway.length > 0; this.#goOn()) {
      const at = this.#plan.pick(this.#underway.length);
      const done = this.#underway[at];
      // A call that is under way when the process dies is made again by the next process, so it stays in the list.
      if (done === undefined || this.#finish(done) === 'crashed') return;
      this.#underway.splice(this.#underway.indexOf(done), 1);
    }
  }

  #goOn(): void {
    if (this.#flow !== 'RUNNING') return;
    if (this.#isPausing) {
      if (this.#underway.length === 0) this.#rest();
      return;
    }
    // A pause that is asked for in here finds what was decided at once decided already.
    for (let hasMoved = true; hasMoved && this.#flow === 'RUNNING'; ) {
      const before = this.#events.length;
      this.#undo();
      const isForward = !this.#scopes.has(WHOLE) && !this.#isStuck() && !this.#isHeld();
      hasMoved = (isForward && this.#start()) || before !== this.#events.length;
    }
    if (this.#isPausing) this.#goOn();
    else if (this.#underway.length === 0) this.#end();
  }

  #rest(): void {
    this.#isPausing = false;
    if (this.#deferred.length === 0 && this.#isComplete()) this.#endAs('SUCCESS');
    else this.#endAs('SUSPENDED');
  }

  #end(): void {
    if (this.#flow !== 'RUNNING') return;
    const isOpenStill = [...this.#known.keys()].some((index) => this.#scopes.size > 0 && isOpen(this.#state(index)));
    if (this.#scopes.has(WHOLE) || this.#isStuck()) this.#endAs(isOpenStill ? 'REVERT_FAILED' : 'REVERTED');
    else if (this.#isHeld()) this.#endAs('FAILURE');
    else if (this.#isComplete()) this.#endAs('SUCCESS');
    else throw new Error('the reference neither goes on nor ends');
  }

  #endAs(state: string): void {
    this.#flow = state;
    this.#events.push(`flow ${state}`);
  }

  #isComplete(): boolean {
    return !this.#unresolved && this.#scopes.size === 0 && [...this.#known.keys()].every((index) => this.#isFinished(index));
  }
  #isHeld(): boolean {
    return this.#unresolved && this.#plan.onFailure === 'hold';
  }
  /** A retry cannot begin again while a revert inside has failed. */
  #isStuck(): boolean {
    return this.#scopes.size > 0 && [...this.#known.values()].some(({ state }) => state === 'REVERT_FAILURE');
  }
  #isFinished(index: number): boolean {
    const state = this.#state(index);
    return state === 'SUCCESS' || state === 'IGNORE';
  }
  #state(index: number): string {
    return this.#known.get(index)?.state ?? '';
  }
  #at(index: number): Known {
    const known = this.#known.get(index);
    if (known === undefined) throw new RangeError(`there is no atom at ${index}`);
    return known;
  }

  #move(node: DrawnNode, state: string): void {
    this.#at(node.index).state = state;
    this.#events.push(`${node.name} ${state}`);
    if (state === 'FAILURE') this.#failures.push(node.name);
    if (state === 'PENDING') this.#failures = this.#failures.filter((name) => name !== node.name);
    if (this.#awaited?.atom !== node.name || this.#awaited.state !== state) return;
    this.#awaited = null;
    this.#isPausing = true;
    this.#events.push('flow SUSPENDING');
  }

  /** Starts everything whose turn has come; conditions first, as they say what may start. True: a condition changed that. */
  #start(): boolean {
    const { nodes } = this.#plan.graph;
    const passed = passedNodes(this.#plan.graph, (index) => this.#isFinished(index));
    const ready = nodes.filter(({ before }) => before.every((one) => passed.has(one)));
    const decided = ready.map((node) => this.#decide(node));
    for (const node of ready.filter((_, at) => decided[at] === 'raised')) this.#failUnapplied(node);
    if (decided.some((word) => word !== 'open')) return true;
    const atoms = ready.filter(({ index, atom }) => atom !== null && this.#state(index) === 'PENDING' && !this.#isUndone(index));
    const priority = ({ atom }: DrawnNode) => (atom?.kind === 'task' ? atom.priority : 0);
    atoms.sort((a, b) => priority(b) - priority(a) || a.index - b.index);
    for (const node of atoms) {
      if (node.atom?.kind === 'retry') this.#beginRetry(node, node.atom);
      else if (node.atom?.kind === 'task') this.#apply(node);
      // Atoms that become ready together all start, or none after one that fails at its start: the rules allow both.
      if (this.#state(node.index) === 'FAILURE' && this.#plan.pick(2) === 1) break;
    }
    return false;
  }

  /** Decides, once, whether what stands behind a condition may start. */
  #decide(node: DrawnNode): 'open' | 'closed' | 'raised' {
    const { graph } = this.#plan;
    const guard = graph.guards.get(node.index);
    if (guard === undefined || this.#gates.has(node.index) || this.#isUndone(node.index)) return 'open';
    this.#gates.add(node.index);
    const inside = atomsUpTo(graph, guard.last);
    if (inside.length > 0 && inside.every((index) => this.#state(index) === 'IGNORE')) return 'open';
    const states = { stateOf: (index: number) => this.#state(index), resultOf: (index: number) => this.#known.get(index)?.result };
    const vote = voteAt(graph, guard, { ...states, conducts: this.#conducts });
    if (vote.kind === 'open') return 'open';
    if (vote.kind === 'raises') return 'raised';
    for (const index of ignoredBy(graph, guard, vote.depth)) this.#ignore(index);
    return 'closed';
  }

  #ignore(index: number): void {
    const node = this.#plan.graph.nodes[index];
    if (node?.atom && this.#state(index) === 'PENDING') this.#move(node, 'IGNORE');
  }

  #apply(node: DrawnNode): void {
    const known = this.#at(node.index);
    const { values, absent } = this.#values(node);
    if (absent.length > 0) {
      this.#failUnapplied(node);
      return;
    }
    Object.assign(known, { started: ++this.#clock, applied: true, given: values, result: undefined });
    this.#move(node, 'RUNNING');
    this.#underway.push({ node, kind: 'apply' });
  }

  #values(node: DrawnNode) {
    const { graph, args, store } = this.#plan;
    const resultOf = (name: string) => {
      const giver = graph.nodes.find(({ atom }) => atom?.name === name);
      return giver !== undefined && this.#state(giver.index) === 'SUCCESS' ? this.#at(giver.index).result : undefined;
    };
    return valuesOf(args.get(node.index) ?? [], { store, resultOf });
  }

  #failUnapplied(node: DrawnNode): void {
    if (node.atom === null) {
      // A flow that is guarded has no state of its own to show it.
      this.#resolve(node);
      return;
    }
    Object.assign(this.#at(node.index), { started: ++this.#clock, applied: false });
    this.#move(node, 'FAILURE');
    this.#resolve(node);
  }

  #beginRetry(node: DrawnNode, retry: DrawnRetry): void {
    const known = this.#at(node.index);
    const values = this.#triesOf(node, retry);
    Object.assign(known, { started: ++this.#clock, applied: true });
    this.#move(node, 'RUNNING');
    if (values !== null && values.length === 0) {
      this.#move(node, 'FAILURE');
      this.#resolve(node);
      return;
    }
    const count = known.history.length;
    known.result = values === null ? plainValue(retry.strategy, count) : (values[count] ?? null);
    if (retry.strategy.kind === 'scripted') this.#calls.push(['execute', node.name, { history_len: count }]);
    this.#move(node, 'SUCCESS');
  }

  #triesOf(node: DrawnNode, { strategy }: DrawnRetry): readonly Json[] | null {
    return triesOf(strategy, () => this.#values(node).values['values']);
  }

  #finish({ node, kind }: Underway): 'finished' | 'crashed' {
    const { atom } = node;
    const known = this.#at(node.index);
    if (atom?.kind !== 'task') return 'finished';
    const { answer, call } = callTask(atom, kind, { conducts: this.#conducts, known, failures: this.#failures });
    if (answer.kind === 'crash') return 'crashed';
    if (call !== null) this.#calls.push(call);
    if (kind === 'revert') {
      this.#move(node, answer.kind === 'done' ? 'REVERTED' : 'REVERT_FAILURE');
    } else if (answer.kind === 'done') {
      known.result = answer.result;
      this.#move(node, 'SUCCESS');
    } else {
      this.#move(node, 'FAILURE');
      this.#resolve(node);
    }
    return 'finished';
  }

  /** While a pause is asked for, what a failure means is left for when the run goes on. */
  #resolve(failed: DrawnNode): void {
    if (this.#isPausing) this.#deferred.push(failed);
    else this.#resolveNow(failed);
  }

  /** The consequence of a failure: the retries around it are asked, from the nearest one outwards. */
  #resolveNow(failed: DrawnNode): void {
    if (this.#isUndone(failed.index)) return;
    for (const { flow, retry, rule } of retriesAround(this.#plan.graph, failed)) {
      if (this.#state(retry.index) !== 'SUCCESS') continue;
      const word = this.#ask(retry, rule);
      if (word === 'REVERT_ALL') break;
      if (word !== 'RETRY') continue;
      for (const known of [...this.#scopes])
        if (inScope(this.#plan.graph, flow, this.#plan.graph.flows[known]?.enter ?? -1)) this.#scopes.delete(known);
      this.#scopes.add(flow);
      return;
    }
    if (this.#plan.onFailure === 'hold') this.#unresolved = true;
    else this.#scopes = new Set([WHOLE]);
  }

  #ask(node: DrawnNode, retry: DrawnRetry): string {
    const known = this.#at(node.index);
    const word = wordOf(retry.strategy, { tried: known.history.length + 1, tries: this.#triesOf(node, retry) });
    if (retry.strategy.kind === 'scripted') {
      const history = [...known.history, { value: known.result ?? null, failures: [...this.#failures] }];
      this.#calls.push([
        'on_failure',
        node.name,
        { history: history.map(({ value, failures }) => [value, [...failures]]), decision: word },
      ]);
    }
    return word;
  }

  #isUndone(index: number): boolean {
    return [...this.#scopes].some((scope) => inScope(this.#plan.graph, scope, index));
  }

  /** Reverts whatever has its turn; begins again what is undone and to be retried. */
  #undo(): void {
    const { nodes, flows } = this.#plan.graph;
    const states = (index: number) => this.#state(index);
    for (const scope of this.#scopes) {
      const ready = readyToRevert(this.#plan.graph, scope, states);
      ready.sort((a, b) => this.#at(b).started - this.#at(a).started);
      for (const index of ready) this.#revert(index);
    }
    // Nothing begins while the run is held for a person.
    for (const scope of this.#isHeld() ? [] : [...this.#scopes]) {
      const retry = nodes[flows[scope]?.retry ?? -1];
      const isLeft = nodes.some(
        ({ index }) => index !== retry?.index && inScope(this.#plan.graph, scope, index) && isOpen(this.#state(index)),
      );
      if (scope === WHOLE || retry?.atom?.kind !== 'retry' || isLeft) continue;
      this.#scopes.delete(scope);
      this.#beginAgain(retry, retry.atom, scope);
    }
  }

  #beginAgain(node: DrawnNode, retry: DrawnRetry, scope: number): void {
    const { nodes, guards } = this.#plan.graph;
    const known = this.#at(node.index);
    known.history.push({ value: known.result ?? null, failures: [...this.#failures] });
    this.#move(node, 'RETRYING');
    for (const index of resetOrder(this.#plan.graph, scope)) {
      const inner = nodes[index];
      if (inner === undefined || this.#state(index) === 'PENDING') continue;
      Object.assign(this.#at(index), { result: undefined, applied: false, history: [] });
      this.#move(inner, 'PENDING');
    }
    for (const index of guards.keys()) if (inScope(this.#plan.graph, scope, index)) this.#gates.delete(index);
    this.#beginRetry(node, retry);
  }

  #revert(index: number): void {
    const node = this.#plan.graph.nodes[index];
    const known = this.#at(index);
    if (node === undefined) return;
    if (known.applied) this.#move(node, 'REVERTING');
    if (!known.applied) return void this.#move(node, 'REVERTED');
    if (node.atom?.kind === 'task') {
      this.#underway.push({ node, kind: 'revert' });
      return;
    }
    const own = this.#failures.includes(node.name);
    if (node.atom?.kind === 'retry' && node.atom.strategy.kind === 'scripted') {
      const count = known.history.length + (own ? 0 : 1);
      this.#calls.push(['revert', node.name, { history_len: count, own_failure: own, flow_failures: [...this.#failures] }]);
    }
    this.#move(node, 'REVERTED');
  }

  #seen(): StepOutcome {
    const states = this.#plan.graph.nodes.flatMap(({ atom, index, name }) => (atom === null ? [] : [[name, this.#state(index)] as const]));
    return {
      flow: this.#flow,
      states: Object.fromEntries(states),
      calls: this.#calls,
      events: this.#events,
      refused: [],
      results: {},
      edges: null,
    };
  }
}
