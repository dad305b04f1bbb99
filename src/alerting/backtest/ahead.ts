/** Asks for the next things while the present one is worked on. Called by run-backtest.ts. */

/** Answers in the order of the items, at most `depth` of them being asked for at a time. Those under way when the reader stops are dropped. */
export async function* ahead<T, R>(
  items: readonly T[],
  depth: number,
  ask: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const pending: Promise<R>[] = [];
  let next = 0;
  const begin = () => {
    const item = items[next];
    if (next >= items.length) return;
    next += 1;
    const answer = ask(item as T);
    // It is awaited in its turn; until then a failure is nobody's.
    answer.catch(() => undefined);
    pending.push(answer);
  };
  for (let i = 0; i < depth; i += 1) begin();
  for (let answer = pending.shift(); answer !== undefined; answer = pending.shift()) {
    const value = await answer;
    begin();
    yield value;
  }
}
