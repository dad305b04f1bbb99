import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createWideTurns, noTurn } from "../../src/graphql/wide-turns.js";

const longMs = 60_000;

/** Begins a turn and tells when it has begun. */
function begun(turn: { begin(): Promise<void> }) {
  const state = { is: false };
  void turn.begin().then(() => {
    state.is = true;
  });
  return state;
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("turns at wide answers", () => {
  test("are held by so many at once, the others in order of arrival", async () => {
    const turns = createWideTurns(2);
    const all = Array.from({ length: 4 }, () => turns(longMs));
    const states = all.map(begun);
    await settled();
    expect(states.map(({ is }) => is)).toEqual([true, true, false, false]);
    all[1]?.end();
    await settled();
    expect(states.map(({ is }) => is)).toEqual([true, true, true, false]);
    all[0]?.end();
    all[0]?.end();
    await settled();
    expect(states.map(({ is }) => is)).toEqual([true, true, true, true]);
    for (const turn of all) turn.end();
  });

  test("are not waited for longer than said", async () => {
    const turns = createWideTurns(1);
    const first = turns(longMs);
    await first.begin();
    const second = turns(1);
    await second.begin();
    second.end();
    first.end();
  });

  test("are left by who goes away while waiting, and nobody else is let in for it", async () => {
    const turns = createWideTurns(1);
    const [first, gone, last] = [turns(longMs), turns(longMs), turns(longMs)];
    const states = [first, gone, last].map(begun);
    gone.end();
    await settled();
    expect(states.map(({ is }) => is)).toEqual([true, true, false]);
    first.end();
    await settled();
    expect(states[2]?.is).toBe(true);
    last.end();
  });

  test("end without having begun, and nobody's turn never waits", async () => {
    const turns = createWideTurns(1);
    turns(longMs).end();
    const one = turns(longMs);
    await one.begin();
    one.end();
    await noTurn.begin();
    noTurn.end();
  });

  test("never let more in than may be, whatever the order of coming and going", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(7), { maxLength: 40 }), async (max, steps) => {
        const turns = createWideTurns(max);
        const all = Array.from({ length: 8 }, () => ({
          turn: turns(longMs),
          state: { is: false },
          isOver: false,
          isAsked: false,
        }));
        for (const step of steps) {
          const one = all[step];
          if (one === undefined || one.isOver) continue;
          if (one.isAsked) {
            one.isOver = true;
            one.turn.end();
          } else {
            one.isAsked = true;
            one.state = begun(one.turn);
          }
          await settled();
          const inside = all.filter(({ state, isOver }) => state.is && !isOver).length;
          const wanting = all.filter(({ isAsked, isOver }) => isAsked && !isOver).length;
          expect(inside).toBe(Math.min(max, wanting));
        }
        for (const { turn } of all) turn.end();
      }),
      { numRuns: 100 },
    );
  });
});
