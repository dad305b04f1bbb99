import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createHttpClient } from "../../src/http/create-http-client.js";
import type { Measurement } from "../../src/slo/measurement.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { MetricSource } from "../../src/telemetry/metric-source.js";
import { measurerOver, options } from "../slo/measure/measured-mesh.js";
import { objectivesOf } from "../slo/measure/own-mesh.js";
import type { MetricSample } from "../support/open-metrics.js";
import { feedSamples } from "./backends/load-metrics.js";
import { feedHistogram } from "./backends/native-histogram.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const scrapeMs = 15_000;
const minuteMs = 60_000;
/** A time no other suite has data in. */
const zeroMs = Date.UTC(2026, 3, 10);
const scrapes = 41;
const atOf = (i: number) => zeroMs + i * scrapeMs;
const pod = { job: "istio", instance: "front:15020", pod: "front-0" };
const calls = {
  ...pod,
  reporter: "source",
  source_workload: "front",
  source_workload_namespace: "shop",
  source_canonical_service: "front",
  destination_service: "cart.shop.svc.cluster.local",
  destination_service_name: "cart",
  destination_service_namespace: "shop",
  destination_workload: "cart-v1",
  destination_workload_namespace: "shop",
  destination_canonical_service: "cart",
  request_protocol: "http",
  response_flags: "-",
};

function samples(): readonly MetricSample[] {
  return Array.from({ length: scrapes }, (_, i) => i).flatMap((i) => [
    { name: "istio_requests_total", labels: { ...calls, response_code: "200" }, value: 20 * i, atMs: atOf(i) },
    { name: "istio_requests_total", labels: { ...calls, response_code: "503" }, value: 2 * i, atMs: atOf(i) },
    { name: "up", labels: pod, value: 1, atMs: atOf(i) },
    // Down for two minutes of the last five, as windows see them.
    { name: "own_ready", labels: pod, value: i > 30 && i <= 38 ? 0 : 1, atMs: atOf(i) },
    { name: "own_error_ratio", labels: pod, value: i > 30 && i <= 38 ? 0.5 : 0, atMs: atOf(i) },
    { name: "own_total", labels: pod, value: 10 * i, atMs: atOf(i) },
  ]);
}

const objectives = objectivesOf(`
  - service: cart
    latency: { target: 90%, thresholdMs: 500 }
  - service: cart
    gauge: { target: 99%, selector: own_ready }
  - service: cart
    ratio: { target: 99%, failed: own_error_ratio }
  - service: cart
    name: asked
    ratio: { target: 99%, failed: "max(rate(own_total[{{.window}}])) / 10" }
  - service: cart
    name: refused
    ratio: { target: 99%, failed: 'label_replace(own_ready, "a", "$1", "b", "(")' }
  - service: cart
    name: unknown
    ratio: { target: 99%, failed: "no_such_metric" }
`);

describe.each(["prometheus2", "prometheus3"] as const)("kinds of SLI over %s", (name) => {
  const { url } = state[name];
  let source: MetricSource;
  let measured: ReadonlyMap<string, Measurement>;
  const five = (of: string) => measured.get(of)?.windows.find(({ windowMs }) => windowMs === 5 * minuteMs);

  beforeAll(async () => {
    await feedSamples(name, url, samples());
    if (name === "prometheus3") {
      for (let i = 1; i < scrapes; i += 1) {
        const sample = { name: "istio_request_duration_milliseconds", atMs: atOf(i) };
        const good = { ...calls, response_code: "200" };
        await feedHistogram(url, {
          ...sample,
          labels: good,
          observed: [
            [100, 18 * i],
            [2_000, 2 * i],
          ],
        });
        await feedHistogram(url, { ...sample, labels: { ...calls, response_code: "503" }, observed: [[5, 2 * i]] });
      }
    }
    const config = { name, cluster: null, isShard: false, scrapeIntervalMs: scrapeMs };
    const prometheus = createPrometheusSource({ config, clock, http: createHttpClient({ name, url }, { clock }) });
    // The recording's clock stands with the recording.
    source = { ...prometheus, readClock: async () => null };
    const measurer = measurerOver([source]);
    for (let i = 8; i < scrapes; i += 2) {
      const { measurements } = await measurer.cycle(atOf(i), objectives, options());
      measured = new Map(measurements.map((one, at) => [objectives[at]?.name ?? "", one]));
    }
  });
  afterAll(() => source.close());

  test("a gauge is good for its true samples", () => {
    // The last window ends a step before the last scrape: eight of its twenty samples are 0.
    expect(measured.get("gauge")).toMatchObject({ dataState: "OK" });
    expect(five("gauge")).toMatchObject({ goodCount: 12, totalCount: 20 });
  });

  test("a ratio without a window is weighted by time, one with windows is asked over each", () => {
    expect(measured.get("ratio")).toMatchObject({ dataState: "OK", isApproximate: true });
    expect(five("ratio")?.errorRatio).toBeCloseTo(0.2, 6);
    expect(measured.get("asked")).toMatchObject({ dataState: "OK", isApproximate: true });
    expect(five("asked")?.errorRatio).toBeCloseTo(10 / 15 / 10, 3);
  });

  test("a query that is refused is told in the server's words, and costs no other anything", () => {
    expect(measured.get("refused")).toMatchObject({
      dataState: "UNKNOWN",
      dataReason: expect.stringMatching(/refused the query.*(regular expression|regexp)/),
    });
  });

  test("a query without series has no data", () => {
    expect(measured.get("unknown")).toMatchObject({ dataState: "NO_DATA" });
  });

  test(`durations by native histograms are ${name === "prometheus3" ? "counted by steps" : "not there"}`, () => {
    const latency = measured.get("latency-500ms");
    if (name === "prometheus2") {
      expect(latency).toMatchObject({ dataState: "NO_DATA" });
      return;
    }
    expect(latency).toMatchObject({ dataState: "OK", isApproximate: true });
    expect(five("latency-500ms")).toMatchObject({ totalCount: 440, goodCount: 360, coverage: 1 });
  });
});
