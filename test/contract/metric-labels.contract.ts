/** Labels and matchers as every metric source takes them: values are data, whatever stands in them. Part of describeMetricSource. */
import { describe, expect, test } from "@jest/globals";
import type { LabelMatcher, MetricExpression } from "../../src/telemetry/metric-source.js";
import { hostileValues } from "./metric-contract-data.js";
import { eq, increase, one } from "./metric-contract-expressions.js";

/** Registers the cases; `instant` gives the rows of an expression as {label values: value}. */
export function describeLabels(instant: (expression: MetricExpression) => Promise<Record<string, number>>): void {
  describe("labels", () => {
    const byService = (matchers: readonly LabelMatcher[]) =>
      instant(increase(one("contract_hostile_total", matchers), "service"));

    test.each(hostileValues.map((value, i) => [value.slice(0, 30), value, i] as const))(
      "the value %j is data: it matches itself alone and comes back unchanged",
      async (_, value, i) => {
        const expected = { [value]: 20 * (i + 1) };
        expect(await byService([eq("service", value)])).toEqual(expected);
        expect(await byService([{ label: "service", op: "in", values: [value, "other"] }])).toEqual(expected);
        const others = await byService([{ label: "service", op: "notIn", values: [value, "other"] }]);
        expect(Object.keys(others)).toHaveLength(hostileValues.length - 1);
        expect(others).not.toHaveProperty([value]);
      },
    );

    test("an empty list of values matches nothing, and excludes nothing", async () => {
      expect(await byService([{ label: "service", op: "in", values: [] }])).toEqual({});
      expect(Object.keys(await byService([{ label: "service", op: "notIn", values: [] }]))).toHaveLength(
        hostileValues.length,
      );
    });

    test("an absent label is the empty text, in matchers and in groups", async () => {
      const of = (matcher: LabelMatcher) => increase(one("contract_steady_total", [matcher]), "code", "service");
      expect(await instant(of(eq("code", "")))).toEqual({ idle: 0 });
      expect(await instant(of({ label: "code", op: "neq", value: "200" }))).toEqual({ "503|a": 20, idle: 0 });
    });

    test("patterns are anchored", async () => {
      const of = (matcher: LabelMatcher) => increase(one("contract_steady_total", [matcher]), "code");
      expect(await instant(of({ label: "code", op: "matches", pattern: "5.." }))).toEqual({ "503": 20 });
      expect(await instant(of({ label: "code", op: "matches", pattern: "5" }))).toEqual({});
      expect(await instant(of({ label: "code", op: "notMatches", pattern: "5..|" }))).toEqual({ "200": 260 });
    });
  });
}
