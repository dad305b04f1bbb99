/** What every metric source does with queries of users: evaluates them, or says that it does not. A part of the metric contract. */
import { describe, expect, test } from "@jest/globals";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import type { CallOptions } from "../../src/telemetry/source.js";
import { at, scrapeMs } from "./metric-contract-data.js";

const onGrid = { fromMs: at(20), toMs: at(40) };

/** Registers the cases over the source of the contract's series. */
export function describeRawQueries(
  sourceOf: () => MetricSource,
  options: () => CallOptions,
  promql: "evaluated" | "unsupported",
): void {
  describe("queries of users", () => {
    const evaluate = (queries: readonly string[], stepMs: number | null) =>
      sourceOf().evaluate(
        { queries: queries.map((promql, i) => ({ id: String(i), promql })), window: onGrid, stepMs },
        options(),
      );

    if (promql === "unsupported") {
      test("are refused by a source without PromQL", async () => {
        await expect(evaluate(["1"], null)).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNSUPPORTED" });
      });
      return;
    }

    test("are evaluated together, each with its series", async () => {
      const queries = [
        "sum(contract_gauge{service='a'}) # as it is written",
        "contract_gauge{service='odd'}",
        "contract_no_such",
        "1 - 0.5 * max(contract_bool)",
        "contract_bool{service='a'}",
      ];
      const { series: found, timestampsMs } = await evaluate(queries, null);
      expect(timestampsMs).toEqual([onGrid.toMs]);
      const values = queries.map((_, i) => found.filter(({ id }) => id === String(i)).map((row) => row.values));
      expect(values).toEqual([[[1040]], [["NaN"]], [], [[0.5]], [[1], [1]]]);
    });

    test("have a value at each step from the window's start", async () => {
      const { series: found, timestampsMs } = await evaluate(["max(contract_gauge{service='a'})"], 5 * scrapeMs);
      expect(timestampsMs).toEqual([at(25), at(30), at(35), at(40)]);
      expect(found.map(({ values }) => values)).toEqual([[1000, 1000, 1000, 1000]]);
    });

    test("one that the backend refuses is told", async () => {
      await expect(evaluate(["1", "contract_steady_total + on () contract_steady_total"], null)).rejects.toMatchObject({
        code: "MESHLENS_ERR_SOURCE_QUERY_REFUSED",
      });
    });
  });
}
