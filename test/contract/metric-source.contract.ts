/**
 * What every metric source does, whatever the backend. Fed with metric-contract-data.ts, a plain list of {labels, samples: [[ms, value]]};
 * the source may hold other metrics too. Allowed to differ: the order of rows, float noise below a millionth, and how much of a count is
 * extrapolated at the points of a series off the scrape grid.
 */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type {
  MetricExpression,
  MetricRequest,
  MetricResult,
  MetricSource,
  PreferredViews,
} from "../../src/telemetry/metric-source.js";
import type { CallOptions, UpstreamCall } from "../../src/telemetry/source.js";
import type { TimeWindow } from "../../src/telemetry/time-window.js";
import { at, type ContractSeries, contractSeries, scrapeMs } from "./metric-contract-data.js";
import { eq, increase, one, select } from "./metric-contract-expressions.js";
import { describeLabels } from "./metric-labels.contract.js";
import { describeRawQueries } from "./raw-queries.contract.js";

/** Twenty scrapes, both ends on the grid. */
const onGrid: TimeWindow = { fromMs: at(20), toMs: at(40) };
const offGrid: TimeWindow = { fromMs: at(20) + 7_123, toMs: at(40) + 7_123 };

/** Source reporter before destination, proved by the request counter. */
function edges(metric: string, stickyMs: number): PreferredViews {
  const view = (reporter: string) => ({
    select: select(metric, [eq("reporter", reporter)]),
    seen: select("contract_edge_total", [eq("reporter", reporter)]),
  });
  return { views: [view("source"), view("destination")], edgeLabels: ["from", "to"], stickyMs };
}

/** Rows of a part as {label values joined by |: first value}, rounded to a millionth. */
function table({ rows }: MetricResult, part = "x"): Record<string, number> {
  return Object.fromEntries(
    rows
      .filter((row) => row.part === part)
      .map(({ labels, values }) => [Object.values(labels).sort().join("|"), rounded(values[0] ?? Number.NaN)]),
  );
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** Registers the suite. `makeSource` returns a source that holds the given series; it is asked once and closed at the end. */
export function describeMetricSource(
  name: string,
  makeSource: (series: readonly ContractSeries[]) => Promise<MetricSource>,
  promql: "evaluated" | "unsupported" = "evaluated",
): void {
  describe(`${name} as a metric source`, () => {
    let source: MetricSource;
    const options = (given: Partial<CallOptions> = {}): CallOptions => ({
      signal: new AbortController().signal,
      deadlineMs: Date.now() + 20_000,
      ...given,
    });
    const ask = (request: Partial<MetricRequest>, given: Partial<CallOptions> = {}) =>
      source.query({ parts: [], window: onGrid, stepMs: null, rangeMs: 60_000, ...request }, options(given));
    const instant = async (expression: MetricExpression, window = onGrid) =>
      table(await ask({ parts: [{ id: "x", expression }], window }));
    const series = async (expression: MetricExpression, given: Partial<MetricRequest> = {}) =>
      ask({ parts: [{ id: "x", expression }], stepMs: 60_000, ...given });

    beforeAll(async () => {
      source = await makeSource(contractSeries);
    });
    afterAll(() => source.close());

    describe("counts over a window", () => {
      test.each([
        ["on the scrape grid", onGrid],
        ["off the scrape grid", offGrid],
        ["with an end 1 ms behind a scrape", { fromMs: at(20) + 1, toMs: at(40) + 1 }],
      ])("are exact %s", async (_, window) => {
        expect(await instant(increase("contract_steady_total", "service", "code"), window)).toEqual({
          "200|a": 200,
          "503|a": 20,
          "200|b": 60,
          idle: 0,
        });
      });

      test.each([30_000, 60_000, 94_036, 299_993, 900_000])("are exact over %d ms", async (lengthMs) => {
        const window = { fromMs: at(100) - lengthMs + 4_000, toMs: at(100) + 4_000 };
        const scrapes = 100 - Math.floor((window.fromMs - at(0)) / scrapeMs);
        expect(await instant(increase("contract_steady_total", "service"), window)).toMatchObject({
          a: 11 * scrapes,
          b: 3 * scrapes,
        });
      });

      test("add up over neighbouring windows to the count of the whole", async () => {
        const cuts = [at(20) + 4_321, at(25) + 11_000, at(27), at(34) + 1, at(40) + 9_999];
        const parts = await Promise.all(
          cuts.slice(1).map((toMs, i) => instant(increase("contract_steady_total"), { fromMs: cuts[i] ?? 0, toMs })),
        );
        const whole = await instant(increase("contract_steady_total"), { fromMs: cuts[0] ?? 0, toMs: cuts[4] ?? 0 });
        expect(parts.reduce((sum, part) => sum + (part[""] ?? 0), 0)).toBe(whole[""]);
      });

      test("leave what was counted at the window's start to the window before", async () => {
        expect(await instant(increase("contract_steady_total", "service"), { fromMs: at(20), toMs: at(21) })).toEqual({
          a: 11,
          b: 3,
          idle: 0,
        });
      });

      test.each([
        ["on", onGrid],
        ["off", offGrid],
      ])("count a reset, also one that ends above where it began, %s the grid", async (_, window) => {
        expect(await instant(increase("contract_reset_total", "service"), window)).toEqual({ lower: 193, higher: 902 });
      });

      test("count a label set born on a target of which only other label sets were scraped before from zero", async () => {
        const matchers = [eq("code", "503")];
        const failures = { select: select("contract_born_total", matchers), seen: select("contract_born_total") };
        const of = { views: [failures], edgeLabels: [], stickyMs: 0 };
        expect(await instant(increase(of))).toEqual({ "": 7 });
      });

      test("count a label set born on a scraped target from zero", async () => {
        expect(await instant(increase("contract_born_total", "code"))).toEqual({ "200": 200, "503": 7, "504": 2 });
        expect(await instant(increase("contract_born_total", "code"), offGrid)).toMatchObject({ "503": 7, "504": 2 });
      });

      test("count the first requests of a target that was scraped while it had none", async () => {
        expect(await instant(increase("contract_quiet_total"))).toEqual({ "": 9 });
      });

      test("do not count the history a target brings to its first scrape", async () => {
        expect(await instant(increase("contract_first_total", "service"))).toEqual({ old: 20, new: 150 });
      });

      test("keep what a series counted before it vanished", async () => {
        expect(await instant(increase("contract_vanished_total", "service"))).toEqual({ v: 100 });
        expect(await instant(increase("contract_vanished_total", "service"), offGrid)).toEqual({ v: 100 });
      });

      test("bridge missed scrapes", async () => {
        expect(await instant(increase("contract_gap_total"))).toEqual({ "": 200 });
        expect(await instant(increase("contract_gap_total"), { fromMs: at(30), toMs: at(40) })).toEqual({ "": 150 });
      });

      test("are 0 for a counter that stood still and absent for one that is not there", async () => {
        expect(await instant(increase(one("contract_steady_total", [eq("service", "idle")]), "service"))).toEqual({
          idle: 0,
        });
        expect(await instant(increase("contract_no_such_total", "service"))).toEqual({});
        expect(await instant(increase("contract_steady_total"), { fromMs: at(400), toMs: at(420) })).toEqual({});
      });
    });

    describe("counts of steps", () => {
      /** What each service counted in each step of (from, to], and in all of them. */
      const steps = async (of: PreferredViews | string, stepMs: number, window: TimeWindow, label = "service") => {
        const views = typeof of === "string" ? one(of) : of;
        const expression: MetricExpression = { kind: "count", of: views, groupBy: [label] };
        const { rows } = await series(expression, { stepMs, window });
        const entries = rows.map(
          ({ labels, values }) =>
            [labels[label] ?? "", values.map((value) => (value === null ? null : rounded(value)))] as const,
        );
        const sum = (values: readonly (number | null)[]) => values.reduce<number>((all, one) => all + (one ?? 0), 0);
        return {
          each: Object.fromEntries(entries),
          total: Object.fromEntries(entries.map(([service, values]) => [service, sum(values)])),
        };
      };
      const whole = { fromMs: at(4), toMs: at(156) };

      test.each([15_000, 30_000, 60_000, 300_000])("of %d ms add up to what the counters say", async (stepMs) => {
        const window = { fromMs: at(20), toMs: at(140) };
        expect((await steps("contract_count_total", stepMs, window)).total).toEqual({
          steady: 1200,
          born: 80,
          reset: 10 * 9 + 3 + 10 * 110,
          vanished: 100,
          jittered: 1200,
          first: 10 * 115,
          returned: 102,
          restarted: 12,
        });
      });

      test("the first sample of a series on a scraped target counts in the step it was born in", async () => {
        const { each } = await steps("contract_count_total", 30_000, { fromMs: at(28), toMs: at(34) });
        expect(each["born"]).toEqual([78, 2, 0]);
        expect(each["steady"]).toEqual([20, 20, 20]);
        expect(each["reset"]).toEqual([13, 20, 20]);
      });

      test("what was counted during a gap comes with the first sample after it, and the gap has no value", async () => {
        const { each } = await steps("contract_count_total", 60_000, whole);
        const returned = each["returned"] ?? [];
        expect(returned.filter((count) => count !== null && count > 0)).toEqual([102]);
        expect(returned.slice(6, 28)).toEqual(Array.from({ length: 22 }, () => null));
        expect(each["vanished"]?.at(-1)).toBeNull();
      });

      test("a series stays present while a scrape or two are missed", async () => {
        const { each } = await steps("contract_gap_total", 30_000, { fromMs: at(24), toMs: at(38) });
        expect(each["g"]).toEqual([10, 0, null, null, null, 110, 20]);
      });

      test("a target's first scrape brings history, which counts nothing", async () => {
        const { each } = await steps("contract_count_total", 30_000, { fromMs: at(24), toMs: at(28) });
        expect(each["first"]).toEqual([10, 20]);
      });

      test("a step is what the steps within it add up to", async () => {
        const window = { fromMs: at(20), toMs: at(140) };
        const [fine, coarse] = await Promise.all([
          steps("contract_count_total", 30_000, window),
          steps("contract_count_total", 900_000, window),
        ]);
        // Of a target's first scrapes, those of one cell are one.
        expect({ ...coarse.total, first: 1150 }).toEqual(fine.total);
      });

      test("the choice of views is made once for all steps", async () => {
        const window = { fromMs: at(20), toMs: at(40) };
        expect((await steps(edges("contract_edge_total", 3_600_000), 30_000, window, "from")).total).toEqual({
          front: 200,
          outside: 80,
          missed: 110,
        });
      });
    });

    describe("views", () => {
      test("the first view of each edge counts, the second where the first has nothing", async () => {
        expect(await instant(increase(edges("contract_edge_total", 60_000), "from"))).toEqual({
          front: 200,
          outside: 80,
          missed: 110,
          gone: 100,
        });
      });

      test("an edge seen within the sticky time is not counted by the other view", async () => {
        expect(await instant(increase(edges("contract_edge_total", 600_000), "from"))).toMatchObject({ gone: 0 });
      });

      test("a missed scrape of the first view does not bring the second in", async () => {
        const window = { fromMs: at(36), toMs: at(40) };
        expect(await instant(increase(edges("contract_edge_total", 300_000), "from"), window)).toMatchObject({
          missed: 0,
          front: 40,
        });
      });

      test("groups over several edges have one row", async () => {
        expect(await instant(increase(edges("contract_edge_total", 60_000), "to"))).toEqual({ cart: 490 });
      });

      test("quantiles take the view that the request counter proves", async () => {
        const p50 = (quantile: number): MetricExpression => ({
          kind: "quantile",
          quantile,
          histogram: "classic",
          of: edges("contract_edge_ms_bucket", 60_000),
          groupBy: ["from"],
        });
        expect(await instant(p50(0.5))).toMatchObject({ front: 5, outside: 55 });
      });

      test("a series keeps one view of an edge over all its points", async () => {
        const { rows } = await series(increase(edges("contract_edge_total", 600_000), "from"));
        expect(rows.find(({ labels }) => labels["from"] === "front")?.values.map((v) => rounded(v ?? 0))).toEqual([
          40, 40, 40, 40, 40,
        ]);
        expect(rows.find(({ labels }) => labels["from"] === "gone")).toBeUndefined();
      });
    });

    describe("quantiles", () => {
      const quantile = (value: number): MetricExpression => ({
        kind: "quantile",
        quantile: value,
        histogram: "classic",
        of: one("contract_ms_bucket"),
        groupBy: ["service"],
      });

      test("are interpolated in the bucket of their rank; without observations there is no row", async () => {
        expect(await instant(quantile(0.5))).toEqual({ spread: 10, slow: 100 });
        expect(await instant(quantile(0.9))).toEqual({ spread: 75, slow: 100 });
        expect(await instant(quantile(0.05))).toMatchObject({ spread: 1, slow: 50 + 25 });
      });

      test("off the grid they are those of the same rates", async () => {
        expect((await instant(quantile(0.9), offGrid))["spread"]).toBeCloseTo(75, 6);
      });

      test("have a value at each point of a series", async () => {
        const { rows } = await series(quantile(0.9));
        const spread = rows.find(({ labels }) => labels["service"] === "spread");
        expect(spread?.values.map((value) => rounded(value ?? 0))).toEqual([75, 75, 75, 75, 75]);
        expect(rows.map(({ labels }) => labels["service"]).sort()).toEqual(["slow", "spread"]);
      });

      test("bounds are numbers, however they are spelt", async () => {
        for (const bound of ["100", "100.0"]) {
          const of = one("contract_ms_bucket", [eq("le", bound), eq("service", "spread")]);
          expect(await instant(increase(of, "le"))).toEqual({ "100": 200 });
        }
        const of = one("contract_ms_bucket", [{ label: "le", op: "in", values: ["10", "+Inf"] }]);
        expect(Object.keys(await instant(increase(of, "le"))).sort()).toEqual(["+Inf", "10"]);
      });
    });

    describe("gauges and presence", () => {
      test("latest sums the newest values within the window; NaN is no data", async () => {
        expect(await instant({ kind: "latest", of: one("contract_gauge"), groupBy: ["service"] })).toEqual({ a: 1040 });
      });

      test("samples of gauges of 0 and 1 are counted, and the true ones; what is neither counts nowhere", async () => {
        const samples = (count: "all" | "true"): MetricExpression => ({
          kind: "samples",
          count,
          of: one("contract_bool"),
          groupBy: ["service"],
        });
        expect(await instant(samples("all"))).toEqual({ a: 40, seldom: 10 });
        expect(await instant(samples("true"))).toEqual({ a: 35, seldom: 10 });
        const stepMs = 4 * scrapeMs;
        const parts = (["all", "true"] as const).map((count) => ({ id: count, expression: samples(count) }));
        const { rows } = await ask({ parts, stepMs, rangeMs: stepMs, window: { fromMs: at(20), toMs: at(36) } });
        const of = (part: string, service: string) =>
          rows.find((row) => row.part === part && row.labels["service"] === service)?.values;
        expect([of("all", "a"), of("true", "a")]).toEqual([
          [8, 8, 8, 8],
          [8, 4, 7, 8],
        ]);
        expect(of("all", "broken")).toEqual([null, null, null, 4]);
        expect(of("true", "odd")).toBeUndefined();
      });

      test("there are no observations under a bound where a histogram is not native", async () => {
        const under: MetricExpression = {
          kind: "under",
          bound: 50,
          of: one("contract_ms_bucket"),
          groupBy: ["service"],
        };
        expect(await instant(under)).toEqual({});
      });

      test("seen names the groups that had a sample", async () => {
        const seen: MetricExpression = { kind: "seen", of: one("contract_gauge"), groupBy: ["service"] };
        expect(await instant(seen, { fromMs: at(5), toMs: at(9) })).toMatchObject({ a: 1, early: 1 });
        expect(await instant(seen, onGrid)).not.toHaveProperty("early");
      });

      test("presentMetrics tells which names have series in the window", async () => {
        const names = ["contract_steady_total", "contract_vanished_total", "contract_no_such_total"];
        const present = (window: TimeWindow) => source.presentMetrics(names, window, options());
        expect([...(await present(onGrid))].sort()).toEqual(["contract_steady_total", "contract_vanished_total"]);
        expect([...(await present({ fromMs: at(100), toMs: at(120) }))]).toEqual(["contract_steady_total"]);
        expect(await source.presentMetrics([], onGrid, options())).toEqual(new Set());
      });

      test("exemplars of series that have none are an empty list", async () => {
        expect(await source.exemplars(select("contract_steady_total"), onGrid, 10, options())).toEqual([]);
      });
    });

    describe("series", () => {
      test("points are the multiples of the step in (from, to]", async () => {
        const fromMs = at(20);
        expect((await series(increase("contract_steady_total"))).timestampsMs).toEqual(
          [1, 2, 3, 4, 5].map((n) => fromMs + n * 60_000),
        );
        const shifted = await series(increase("contract_steady_total"), { window: offGrid });
        expect(shifted.timestampsMs).toEqual([1, 2, 3, 4, 5].map((n) => fromMs + n * 60_000));
        const none = await series(increase("contract_steady_total"), { window: { fromMs: at(20) + 1, toMs: at(21) } });
        expect(none).toEqual({ timestampsMs: [], rows: [], warnings: [] });
      });

      test("an instant request has one point, the window's end", async () => {
        const { timestampsMs } = await ask({ parts: [{ id: "x", expression: increase("contract_steady_total") }] });
        expect(timestampsMs).toEqual([onGrid.toMs]);
      });

      test("each point has the increase of the range before it; gaps are null", async () => {
        const { rows } = await series(increase("contract_gap_total", "service"));
        expect(rows).toHaveLength(1);
        const values = rows[0]?.values.map((value) => (value === null ? null : rounded(value)));
        expect([values?.[0], values?.[2], values?.[4]]).toEqual([40, null, 40]);
        expect(values).toHaveLength(5);
      });

      test("a step that gives too many points is refused before anything is asked", async () => {
        const calls: UpstreamCall[] = [];
        const parts = [{ id: "x", expression: increase("contract_steady_total") }];
        const window = { fromMs: at(0), toMs: at(0) + 12_000_000 };
        await expect(
          ask({ parts, window, stepMs: 1_000 }, { onUpstreamCall: (call) => calls.push(call) }),
        ).rejects.toMatchObject({ code: "MESHLENS_ERR_QUERY_INPUT", message: expect.stringContaining("11000") });
        expect(calls).toEqual([]);
      });
    });

    describeRawQueries(() => source, options, promql);

    describeLabels(instant);

    describe("calls", () => {
      const parts = [
        { id: "requests", expression: increase("contract_steady_total", "service") },
        { id: "again", expression: increase("contract_steady_total", "service") },
        { id: "gauge", expression: { kind: "latest", of: one("contract_gauge"), groupBy: ["service"] } as const },
      ];

      test("several parts are one upstream call, their rows kept apart", async () => {
        const calls: UpstreamCall[] = [];
        const result = await ask({ parts }, { onUpstreamCall: (call) => calls.push(call) });
        const counts = { a: 220, b: 60, idle: 0 };
        expect([table(result, "requests"), table(result, "again"), table(result, "gauge")]).toEqual([
          counts,
          counts,
          { a: 1040 },
        ]);
        expect(calls).toEqual([
          expect.objectContaining({ source: source.name, operation: "instant", rows: 7, isShared: false }),
        ]);
        expect(result.warnings).toEqual([]);
      });

      test("several parts of a series are one upstream call too", async () => {
        const calls: UpstreamCall[] = [];
        const result = await ask({ parts, stepMs: 60_000 }, { onUpstreamCall: (call) => calls.push(call) });
        expect(calls.map(({ operation }) => operation)).toEqual(["range"]);
        expect(table(result, "again")).toEqual({ a: 44, b: 12, idle: 0 });
      });

      test("questions at the same time do not mix", async () => {
        const services = ["a", "b", "idle", "none"];
        const answers = await Promise.all(
          services.map((service) =>
            instant(increase(one("contract_steady_total", [eq("service", service)]), "service")),
          ),
        );
        expect(answers).toEqual([{ a: 220 }, { b: 60 }, { idle: 0 }, {}]);
      });

      test("a probe says in one sentence what it found", async () => {
        expect(await source.probe(options())).toMatchObject({ found: expect.stringMatching(/\d+ metric names/) });
      });
    });
  });
}
