import { expect, test } from 'vitest';
import { callOf } from '../testing/call.ts';
import { LiveProgress } from './live-progress.ts';
import type { SignOfLife, Stop, TaskCall, TaskRunner } from './task-runner.ts';

/** A runner whose calls give progress and end when the test says so. */
class Hand implements TaskRunner {
  readonly open = new Map<string, { say: (sign: SignOfLife) => void; end: () => void }>();

  run(call: TaskCall, _stop: Stop, onSign: (sign: SignOfLife) => void = () => {}) {
    return new Promise<{ kind: 'done'; output: null }>((resolve) => {
      this.open.set(call.atom, { say: onSign, end: () => resolve({ kind: 'done', output: null }) });
    });
  }
}

function watched(most?: number) {
  let time = 100;
  const hand = new Hand();
  const live = new LiveProgress({ now: () => ++time }, most);
  const runner = live.watch(hand);
  const start = (atom: string, job = 'j') => runner.run(callOf({ atom, job }), new AbortController());
  const say = (atom: string, fraction: number | null, message: string | null = null) => hand.open.get(atom)?.say({ fraction, message });
  return { live, start, say, end: (atom: string) => hand.open.get(atom)?.end() };
}

test('A6: the latest sign of a running call is kept until the call ends', async () => {
  const { live, start, say, end } = watched();
  const done = start('a');
  expect(live.of('j')).toEqual([]);
  say('a', 0.25, 'one of four');
  say('a', null);
  expect(live.of('j')).toEqual([{ atom: 'a', kind: 'apply', attempt: 1, fraction: 0.25, message: 'one of four', time: 102 }]);
  say('a', 0.5);
  expect(live.of('j')).toMatchObject([{ fraction: 0.5, message: 'one of four' }]);
  end('a');
  await done;
  expect(live.of('j')).toEqual([]);
});

test('a follower is called for its own job only, and not after it was removed', async () => {
  const { live, start, say, end } = watched();
  let heard = 0;
  const leave = live.follow('j', () => {
    heard += 1;
  });
  const calls = [start('a'), start('b'), start('z', 'other')];
  say('a', 0.1);
  say('z', 0.1);
  say('b', 0.1);
  end('a');
  await calls[0];
  expect(heard).toBe(3);
  leave();
  say('b', 0.2);
  expect(heard).toBe(3);
});

test('keeps at most its limit of calls, and takes another when one ends', async () => {
  const { live, start, say, end } = watched(2);
  const calls = ['a', 'b', 'c'].map((atom) => start(atom));
  for (const atom of ['a', 'b', 'c']) say(atom, 0.1);
  expect(live.of('j').map(({ atom }) => atom)).toEqual(['a', 'b']);
  end('a');
  await calls[0];
  say('c', 0.2);
  expect(live.of('j').map(({ atom }) => atom)).toEqual(['b', 'c']);
});

test('a call whose runner rejects is removed', async () => {
  const live = new LiveProgress({ now: () => 1 });
  const runner = live.watch({
    run: async (_call, _stop, onSign) => {
      onSign?.({ fraction: 0.5, message: null });
      throw new Error('the worker is gone');
    },
  });
  await expect(runner.run(callOf(), new AbortController())).rejects.toThrow('gone');
  expect(live.of('j')).toEqual([]);
});
