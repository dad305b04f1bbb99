/** Random trees of calls: the rendered counters are the calls counted one by one, at any instant and in either vocabulary. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Exchange, HttpExchange, ProxyView } from "../../../src/demo/simulation/exchange.js";
import { createIstioMetrics } from "../../../src/demo/telemetry/metrics/istio-metrics.js";
import { createLinkerdMetrics } from "../../../src/demo/telemetry/metrics/linkerd-metrics.js";
import { meshSpans } from "../../../src/demo/telemetry/spans/mesh-span.js";
import { type Row, scrape } from "./read-scrape.js";
import { attempt, call, connection, linked, mysql, pods, type Seen, services, t0 } from "./tiny-mesh.js";

const allPods = Object.values(pods);
const seen: fc.Arbitrary<Seen> = fc.record({
  at: fc.integer({ min: 0, max: 20_000 }),
  takes: fc.double({ min: 0, max: 12_000, noNaN: true }),
  status: fc.constantFrom(0, 200, 403, 500, 503),
  flags: fc.constantFrom([], ["DC"], ["DI", "DC"], ["UF"]),
});

const { exchange } = fc.letrec<{ exchange: Exchange; http: HttpExchange }>((tie) => ({
  exchange: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...allPods).map((source) => connection(source, mysql)),
    tie("http"),
  ),
  http: fc
    .record({
      source: fc.constantFrom(...allPods),
      target: fc.constantFrom(...Object.values(services)),
      seen,
      tries: fc.array(
        fc.record({
          pod: fc.constantFrom(...allPods),
          seen,
          calls: fc.option(fc.array(tie("exchange"), { maxLength: 2 }), { nil: null }),
        }),
        { maxLength: 3 },
      ),
    })
    .map(({ source, target, seen: client, tries }) =>
      call(
        source,
        target,
        client,
        tries.map((one) => attempt(one.pod, one.seen, one.calls && { calls: one.calls })),
      ),
    ),
}));
const forest = fc.array(exchange, { maxLength: 6 }).map((trees) => trees.map((tree) => linked(tree)));

interface Counted {
  readonly reporter: "source" | "destination";
  readonly view: ProxyView;
}

function views(tree: Exchange): Counted[] {
  if (tree.kind === "tcp") return [];
  return [
    { reporter: "source", view: tree.client },
    ...tree.attempts.flatMap(({ server, work }): Counted[] => [
      { reporter: "destination", view: server },
      ...(work?.calls ?? []).flatMap(views),
    ]),
  ];
}

const sum = (rows: readonly Row[], name: string, labels: Readonly<Record<string, string>> = {}) =>
  rows
    .filter((row) => row.name === name && Object.entries(labels).every(([label, text]) => row.labels[label] === text))
    .reduce((total, { value }) => total + value, 0);

function expectMonotonic(rows: readonly Row[], histogram: string): void {
  const counts = rows.filter((row) => row.name === `${histogram}_count`).map(({ value }) => value);
  const perSeries: number[][] = [];
  for (const row of rows.filter(({ name }) => name === `${histogram}_bucket`)) {
    if (row.labels["le"]?.match(/^0?\.5$|^1$/) && (perSeries.at(-1)?.length ?? 20) >= 20) perSeries.push([]);
    perSeries.at(-1)?.push(row.value);
  }
  expect(perSeries.map((buckets) => buckets.at(-1))).toEqual(counts);
  for (const buckets of perSeries) expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
}

describe("of any calls", () => {
  test("Istio's requests are the views that have ended, its histograms cumulative over as many", () => {
    fc.assert(
      fc.property(forest, fc.integer({ min: 0, max: 40_000 }), (trees, afterMs) => {
        const metrics = createIstioMetrics({ hasSizes: false });
        for (const tree of trees) metrics.record(tree);
        scrape(metrics, t0 + afterMs / 2);
        const rows = scrape(metrics, t0 + afterMs);
        const ended = trees.flatMap(views).filter(({ view }) => view.endMs <= t0 + afterMs);
        for (const reporter of ["source", "destination"]) {
          const own = ended.filter((one) => one.reporter === reporter);
          expect(sum(rows, "istio_requests_total", { reporter })).toBe(own.length);
          for (const status of [0, 200, 403, 500, 503]) {
            const expected = own.filter(({ view }) => view.status === status).length;
            expect(sum(rows, "istio_requests_total", { reporter, response_code: String(status) })).toBe(expected);
          }
        }
        expectMonotonic(rows, "istio_request_duration_milliseconds");
      }),
    );
  });

  test("Linkerd's inbound requests are the tries its proxies let through", () => {
    fc.assert(
      fc.property(forest, (trees) => {
        const metrics = createLinkerdMetrics();
        for (const tree of trees) metrics.record(tree);
        const rows = scrape(metrics, t0 + 100_000);
        const tries = (tree: Exchange): number =>
          tree.kind === "tcp"
            ? 0
            : tree.attempts
                .map(({ server, work }) =>
                  work === null
                    ? Number(server.flags.includes("UF"))
                    : 1 + work.calls.reduce((n, one) => n + tries(one), 0),
                )
                .reduce((a, b) => a + b, 0);
        const expected = trees.reduce((n, tree) => n + tries(tree), 0);
        expect(sum(rows, "request_total", { direction: "inbound" })).toBe(expected);
        expectMonotonic(rows, "response_latency_ms");
      }),
    );
  });

  test("spans are one tree: a root, and each other's parent among them", () => {
    fc.assert(
      fc.property(forest, (trees) => {
        for (const tree of trees) {
          const spans = meshSpans(tree);
          expect(spans).toHaveLength(views(tree).length);
          const ids = new Set(spans.map(({ spanId }) => spanId));
          const roots = spans.filter(({ parentSpanId }) => parentSpanId === null || !ids.has(parentSpanId));
          expect(roots).toHaveLength(tree.kind === "tcp" ? 0 : 1);
        }
      }),
    );
  });
});
