import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../../src/errors.js";
import { grown } from "../../../src/mesh/evidence/log-patterns.js";
import { listedLogSource } from "../../support/listed-log-source.js";
import { logRecord } from "../../support/log-records.js";
import { t0 } from "../../support/spans.js";
import { makeReader, reviews } from "./make-reader.js";

const anyLine = { levels: null, text: null, lines: "any", pods: null } as const;
const pattern = (name: string, count: number) => ({ pattern: name, count, sample: `${name} sample` });

describe("log patterns of a service", () => {
  test("those that became more, grown most first, against the window before", () => {
    const now = [pattern("many", 90), pattern("new", 40), pattern("steady", 10), pattern("fewer", 3)];
    const before = [pattern("many", 80), pattern("steady", 10), pattern("fewer", 9)];
    expect(grown(now, before, 5)).toEqual([
      { pattern: "new", count: 40, baselineCount: 0, sample: "new sample" },
      { pattern: "many", count: 90, baselineCount: 80, sample: "many sample" },
    ]);
    expect(grown(now, before, 1)).toHaveLength(1);
  });

  test("what was before is null where it is not known", () => {
    expect(grown([pattern("a", 2)], null, 5)).toMatchObject([{ baselineCount: null }]);
    const cut = Array.from({ length: 200 }, (_, n) => pattern(`p${n}`, 1));
    expect(grown([pattern("a", 2)], cut, 5)).toMatchObject([{ baselineCount: null }]);
  });

  test("asks a source for both windows at once and says what a dead one lacks", async () => {
    const line = (at: number, n: number) => logRecord({ at, message: `timeout after ${n} ms` });
    const source = listedLogSource([line(1_000, 1), line(2_000, 22), line(3_000, 333), line(-1_000, 4)]);
    const dead = listedLogSource([], { name: "dead", cluster: "west" });
    dead.failure = new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", "dead did not answer");
    const { reader } = makeReader({ logs: [source, dead] });
    const window = { fromMs: t0, toMs: t0 + 10_000 };
    const baseline = { fromMs: t0 - 10_000, toMs: t0 };
    const pillar = await reader.logPatterns(reviews, { window, baseline }, anyLine, 5);
    expect(pillar.sources.map(({ state }) => state)).toEqual(["OK", "TIMEOUT"]);
    expect(pillar.value).toMatchObject([{ pattern: "timeout after * ms", count: 3, baselineCount: 1 }]);
    expect(source.calls.map((requests) => requests.map(({ kind }) => kind))).toEqual([["patterns", "patterns"]]);
  });
});
