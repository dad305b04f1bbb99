import { describe, expect, test } from "@jest/globals";
import { requestQuery } from "../../../src/sources/prometheus/promql.js";
import { joinedRows, quickParts, wholeParts } from "../../../src/sources/prometheus/quick-counts.js";
import type { MetricPart, MetricRequest, MetricRow } from "../../../src/telemetry/metric-source.js";

const select = { metric: "m_total", matchers: [] };
const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
const part: MetricPart = { id: "x", expression: { kind: "count", of, groupBy: ["to", "code"] } };
const request = (toMs: number, stepMs: number | null): MetricRequest => ({
  parts: [part],
  window: { fromMs: toMs - 30_000, toMs },
  stepMs,
  rangeMs: 30_000,
});
const row = (id: string, to: string, code: string, value: number): MetricRow => ({
  part: id,
  labels: { to, code },
  values: [value],
});

describe("counts in their quick form", () => {
  const [quick, gaps] = quickParts(request(300_000, 30_000), 15_000);
  const gapsId = gaps?.id ?? "";

  test("read the memory of an hour nowhere", () => {
    const query = requestQuery({ ...request(300_000, 30_000), parts: quick && gaps ? [quick, gaps] : [] }, 15_000);
    expect(query).not.toContain("3599999ms");
    expect(query.match(/m_total/g)).toHaveLength(2);
  });

  test("are not asked at an instant between the points of subqueries", () => {
    expect(quickParts(request(300_000, null), 15_000).map(({ form }) => form)).toEqual(["quick", "gaps"]);
    expect(quickParts(request(300_001, null), 15_000)).toEqual([part]);
  });

  test("are all there is to ask where no series has a gap", () => {
    const rows = [row("x", "a", "200", 1)];
    expect(wholeParts([part], rows)).toEqual([]);
    expect(joinedRows([part], rows, [])).toEqual(rows);
  });

  test("give way to whole ones in groups with gaps, and the whole question is of little more than those", () => {
    const first = [row("x", "a", "200", 1), row("x", "b", "200", 2), row("x", "c", "503", 3)];
    const told = [row(gapsId, "b", "200", 1), row(gapsId, "c", "503", 1)];
    const [whole] = wholeParts([part], [...first, ...told]);
    expect(whole?.expression.of.views[0]?.select.matchers).toEqual([
      { label: "to", op: "in", values: ["b", "c"] },
      { label: "code", op: "in", values: ["200", "503"] },
    ]);
    expect(whole?.expression.of.views[0]?.seen).toEqual(select);
    // The group c has nothing in the whole form: all its series brought history.
    const joined = joinedRows([part], [...first, ...told], [row("x", "b", "200", 80)]);
    expect(joined).toEqual([row("x", "a", "200", 1), row("x", "b", "200", 80)]);
  });

  test("narrow the whole question by no label with hundreds of values", () => {
    const told = Array.from({ length: 300 }, (_, i) => row(gapsId, `s${i}`, "200", 1));
    const [whole] = wholeParts([part], told);
    expect(whole?.expression.of.views[0]?.select.matchers).toEqual([{ label: "code", op: "in", values: ["200"] }]);
  });
});
