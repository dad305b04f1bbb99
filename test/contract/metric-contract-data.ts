/**
 * The series every metric source is fed with by its contract suite: one sample each 15 s, 40 min of them. Sample i lies at `at(i)`.
 * Loading them into a real server is one OpenMetrics file (toOpenMetrics in test/support/open-metrics.ts) and promtool.
 */

/** One series: labels with the metric's name, and its samples as [epoch ms, value], oldest first. */
export interface ContractSeries {
  readonly labels: Readonly<Record<string, string>> & { readonly __name__: string };
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

export const scrapeMs = 15_000;
/** 2026-11-01T00:10:00Z: inside one two-hour block of Prometheus. */
export const startMs = Date.UTC(2026, 10, 1, 0, 10);
const count = 161;

/** Instant of the i-th scrape; a fraction lies between two. */
export function at(i: number): number {
  return startMs + i * scrapeMs;
}

/** Values that would mean something in PromQL, a regular expression or JSON. */
export const hostileValues: readonly string[] = [
  'quote"d',
  "back\\slash",
  "new\nline",
  "emoji 😀",
  ".*",
  "a|b",
  "^$",
  '"}) or {__name__!="x',
  "{{ $labels }}",
  "tab\tbed",
  "'single' `ticks`",
  "x".repeat(10_000),
];

const all = Array.from({ length: count }, (_, i) => i);
const between = (from: number, to: number) => all.filter((i) => i >= from && i <= to);
const perScrape = (rate: number) => (i: number) => rate * i;

function series(
  __name__: string,
  labels: Readonly<Record<string, string>>,
  value: (i: number) => number,
  scrapes: readonly number[] = all,
  lateSeconds: (i: number) => number = () => 0,
): ContractSeries {
  const samples = scrapes.map((i) => [at(i) + lateSeconds(i) * 1000, value(i)] as const);
  return { labels: { __name__, ...labels }, samples };
}

const pod = (name: string) => ({ job: "mesh", instance: `${name}:15020`, pod: name });

function histogram(name: string, labels: Record<string, string>, counts: Record<string, number>): ContractSeries[] {
  return Object.entries(counts).map(([le, rate]) => series(name, { ...labels, le }, perScrape(rate)));
}

/** Series of one edge as one reporter sees it; the bucket's count is the counter's. */
function edge(reporter: string, from: string, to: string, rate: number, scrapes: readonly number[] = all) {
  const labels = { ...pod(reporter === "source" ? from : to), reporter, from, to };
  const bound = reporter === "source" ? "10" : "100";
  return [
    series("contract_edge_total", labels, perScrape(rate), scrapes),
    ...["10", "100", "+Inf"].map((le) =>
      series("contract_edge_ms_bucket", { ...labels, le }, perScrape(Number(le) < Number(bound) ? 0 : rate), scrapes),
    ),
  ];
}

/** Everything at once; each case has metrics of its own. */
export const contractSeries: readonly ContractSeries[] = [
  series("contract_steady_total", { ...pod("p1"), service: "a", code: "200" }, perScrape(10)),
  series("contract_steady_total", { ...pod("p1"), service: "a", code: "503" }, perScrape(1)),
  series("contract_steady_total", { ...pod("p2"), service: "b", code: "200" }, perScrape(3)),
  series("contract_steady_total", { ...pod("p2"), service: "idle" }, () => 7),

  // Restarts: at scrape 30 from 290 to 3; at scrape 22 from 21 to 1, then far beyond.
  series("contract_reset_total", { ...pod("p1"), service: "lower" }, (i) => (i < 30 ? 10 * i : 10 * (i - 30) + 3)),
  series("contract_reset_total", { ...pod("p2"), service: "higher" }, (i) => (i < 22 ? i : 50 * (i - 22) + 1)),

  // Label sets born at scrape 25 with their first failures, on a target scraped since the beginning; one at the window's last scrape.
  series("contract_born_total", { ...pod("p1"), code: "200" }, perScrape(10)),
  series("contract_born_total", { ...pod("p1"), code: "503" }, (i) => (i === 25 ? 4 : 7), between(25, 160)),
  series("contract_born_total", { ...pod("p1"), code: "504" }, () => 2, between(40, 160)),
  // A target first scraped at scrape 25, with a history of 500.
  series("contract_first_total", { ...pod("old"), service: "old" }, perScrape(1)),
  series("contract_first_total", { ...pod("new"), service: "new" }, (i) => 500 + 10 * (i - 25), between(25, 160)),
  // A target that served nothing before scrape 25, and whose `up` tells that it was scraped.
  series("up", pod("quiet"), () => 1),
  series("contract_quiet_total", pod("quiet"), (i) => (i === 25 ? 5 : 9), between(25, 160)),

  series("contract_vanished_total", { ...pod("p1"), service: "v" }, perScrape(10), between(0, 30)),
  series("contract_gap_total", { ...pod("p1"), service: "g" }, perScrape(10), [...between(0, 25), ...between(35, 160)]),

  // Counts of steps: a target of its own each, so that `up` tells when it was scraped.
  series("contract_count_total", { ...pod("p1"), service: "steady" }, perScrape(10)),
  series("contract_count_total", { ...pod("p1"), service: "born" }, (i) => (i === 30 ? 78 : 80), between(30, 160)),
  series("contract_count_total", { ...pod("p1"), service: "reset" }, (i) => (i < 30 ? 10 * i : 10 * (i - 30) + 3)),
  series("contract_count_total", { ...pod("p1"), service: "vanished" }, perScrape(10), between(0, 30)),
  series("contract_count_total", { ...pod("jitter"), service: "jittered" }, perScrape(10), all, (i) => (i * 37) % 11),
  series("contract_count_total", { ...pod("late"), service: "first" }, (i) => 500 + 10 * (i - 25), between(25, 160)),
  // Away for 25 minutes, it comes back with 102 more; its twin was restarted meanwhile.
  ...["returned", "restarted"].map((service) =>
    series(
      "contract_count_total",
      { ...pod("away"), service },
      (i) => (i < 121 ? 1099 : service === "returned" ? 1201 : 12),
      [...between(0, 20), ...between(121, 160)],
    ),
  ),
  series("up", pod("away"), (i) => (i < 21 || i > 120 ? 1 : 0)),

  ...edge("source", "front", "cart", 10),
  ...edge("destination", "front", "cart", 12),
  ...edge("destination", "outside", "cart", 4),
  ...edge("source", "missed", "cart", 10, [...between(0, 31), ...between(41, 160)]),
  ...edge("destination", "missed", "cart", 10),
  ...edge("source", "gone", "cart", 10, between(0, 15)),
  ...edge("destination", "gone", "cart", 5),

  ...histogram("contract_ms_bucket", { ...pod("p1"), service: "spread" }, { "10": 5, "50": 8, "100": 10, "+Inf": 10 }),
  ...histogram("contract_ms_bucket", { ...pod("p1"), service: "slow" }, { "10": 0, "50": 0, "100": 1, "+Inf": 10 }),
  ...histogram("contract_ms_bucket", { ...pod("p1"), service: "silent" }, { "10": 0, "50": 0, "100": 0, "+Inf": 0 }),

  series("contract_gauge", { ...pod("p1"), service: "a" }, (i) => i),
  series("contract_gauge", { ...pod("p2"), service: "a" }, () => 1000, between(0, 30)),
  series("contract_gauge", { ...pod("p2"), service: "early" }, () => 5, between(0, 10)),
  series("contract_gauge", { ...pod("p2"), service: "odd" }, () => Number.NaN),

  // Gauges of 1 and 0: down for scrapes 25 to 29; scraped every other time; no gauge of that kind; not a number for a while.
  series("contract_bool", { ...pod("p1"), service: "a" }, (i) => (i >= 25 && i < 30 ? 0 : 1)),
  series("contract_bool", { ...pod("p2"), service: "a" }, () => 1),
  series(
    "contract_bool",
    { ...pod("p3"), service: "seldom" },
    () => 1,
    all.filter((i) => i % 2 === 0),
  ),
  series("contract_bool", { ...pod("p4"), service: "odd" }, (i) => (i < 30 ? 7 : -9)),
  series("contract_bool", { ...pod("p5"), service: "broken" }, (i) => (i < 30 ? Number.NaN : 1)),

  ...hostileValues.map((value, i) =>
    series("contract_hostile_total", { ...pod("p1"), service: value }, perScrape(i + 1)),
  ),
];
