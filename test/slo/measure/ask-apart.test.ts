import { describe, expect, test } from "@jest/globals";
import { type ErrorCode, MeshlensError } from "../../../src/errors.js";
import { createAskApart } from "../../../src/slo/measure/ask-apart.js";

const minuteMs = 60_000;
const items = Array.from({ length: 20 }, (_, i) => ({ key: `q${i}` }));

/** Asks, with some keys at fault; tells how many calls it took and which were answered. */
function asker(faulty: (key: string) => ErrorCode | null, withTimeouts = true) {
  let nowMs = 0;
  const apart = createAskApart({ nowMs: () => nowMs }, { withTimeouts });
  let calls = 0;
  const answered = new Set<string>();
  return {
    answered,
    pass: (ms: number) => {
      nowMs += ms;
      answered.clear();
    },
    async ask() {
      calls = 0;
      const refused = await apart(items, 20, async (some) => {
        calls += 1;
        const code = some.map(({ key }) => faulty(key)).find((found) => found !== null);
        if (code != null) throw new MeshlensError(code, `fault ${code}`, { source: "prometheus" });
        for (const { key } of some) answered.add(key);
      });
      return { refused: [...refused.keys()], calls };
    },
  };
}

describe("queries asked together", () => {
  test("the one that is refused is found, and costs the others one turn at most", async () => {
    const one = asker((key) => (key === "q7" ? "MESHLENS_ERR_SOURCE_QUERY_REFUSED" : null));
    expect(await one.ask()).toMatchObject({ refused: ["q7"] });
    expect(one.answered.size).toBe(19);
    one.pass(minuteMs);
    expect(await one.ask()).toEqual({ refused: ["q7"], calls: 1 });
    one.pass(5 * minuteMs);
    expect(await one.ask()).toEqual({ refused: ["q7"], calls: 2 });
    expect(one.answered.size).toBe(19);
  });

  test("that all take too long are given up before the source is left alone, and come to their turn later", async () => {
    const all = asker(() => "MESHLENS_ERR_SOURCE_TIMEOUT");
    const first = await all.ask();
    expect(first.calls).toBe(3);
    expect(first.refused.length).toBe(20);
    all.pass(2 * minuteMs);
    expect((await all.ask()).calls).toBe(3);
  });

  test("that are sound come back soon after one among them took too long", async () => {
    let slow = "q0";
    const some = asker((key) => (key === slow ? "MESHLENS_ERR_SOURCE_TIMEOUT" : null));
    await some.ask();
    some.pass(2 * minuteMs);
    const { refused } = await some.ask();
    expect(refused).toEqual(["q0"]);
    expect(some.answered.size).toBe(19);
    slow = "";
    some.pass(5 * minuteMs);
    expect((await some.ask()).refused).toEqual([]);
  });

  test("a source that is down is no refusal", async () => {
    await expect(asker(() => "MESHLENS_ERR_SOURCE_UNREACHABLE").ask()).rejects.toThrow("UNREACHABLE");
    await expect(asker(() => "MESHLENS_ERR_SOURCE_TIMEOUT", false).ask()).rejects.toThrow("TIMEOUT");
  });
});
