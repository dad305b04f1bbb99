/** Evidence for tests: `ratings` fails after a fault was injected, with what a test says differently. */
import type { Evidence } from "../../src/alerting/evidence.js";

/** 2026-03-02T10:00:00Z. */
export const firedAtMs = Date.UTC(2026, 2, 2, 10);

const minuteMs = 60_000;
const chartMinutes = Array.from({ length: 61 }, (_, index) => index - 60);
const burnAt = (minute: number, windowMinutes: number): number => {
  const burning = Math.max(0, Math.min(windowMinutes, minute + 12));
  return Number((0.3 + (28 * burning) / windowMinutes + 0.2 * Math.sin(minute)).toFixed(3));
};

/** The evidence. */
export function makeEvidence(differently: Partial<Evidence> = {}): Evidence {
  return {
    version: 1,
    takenAtMs: firedAtMs + 4_000,
    isGathered: true,
    window: { fromMs: firedAtMs - 15 * minuteMs, toMs: firedAtMs },
    burnConditions: [
      {
        tier: "1h/5m",
        severity: "PAGE",
        threshold: 14.4,
        long: { windowMs: 60 * minuteMs, value: 18.24 },
        short: { windowMs: 5 * minuteMs, value: 27.9 },
        met: true,
        note: null,
      },
      {
        tier: "6h/30m",
        severity: "PAGE",
        threshold: 6,
        long: { windowMs: 360 * minuteMs, value: 3.1 },
        short: { windowMs: 30 * minuteMs, value: 11.2 },
        met: false,
        note: null,
      },
    ],
    goodCount: 52_033,
    totalCount: 53_000,
    budget: { remainingRatio: 0.614, exhaustedAtMs: firedAtMs + 24.2 * 3_600_000 },
    chart: {
      timestamps: chartMinutes.map((minute) => firedAtMs + minute * minuteMs),
      errorRatio: chartMinutes.map((minute) => (minute === -40 ? null : burnAt(minute, 1) / 1000)),
      burn: [5, 60].map((minutes) => ({
        windowMs: minutes * minuteMs,
        values: chartMinutes.map((minute) => (minute === -40 ? null : burnAt(minute, minutes))),
      })),
      thresholds: [
        { tier: "1h/5m", value: 14.4 },
        { tier: "6h/30m", value: 6 },
      ],
    },
    verdict: "ratings fails by itself: 94 of 100 failed calls end in it, and its route was changed 12 min before",
    suspects: [
      {
        service: { cluster: "east", namespace: "bookinfo", name: "ratings" },
        score: 0.94,
        grade: "STRONG",
        reasons: ["94 % of the failed calls ended in it", "its VirtualService was changed 12 min before"],
      },
      {
        service: { cluster: "east", namespace: "bookinfo", name: "mongodb" },
        score: 0.04,
        grade: "POSSIBLE",
        reasons: ["ratings calls it"],
      },
    ],
    graph: null,
    traces: [
      {
        traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        startMs: firedAtMs - 3 * minuteMs,
        durationMs: 7_012.4,
        errorCount: 3,
        summary: "productpage > reviews > ratings: 503 after 3 tries",
        detail: "productpage 7.0 s\n  reviews-v2 7.0 s\n    ratings 2.3 s, 503 UF\n    ratings 2.3 s, 503 UF",
        faultAt: { cluster: "east", namespace: "bookinfo", name: "ratings" },
        links: [
          { kind: "JAEGER", name: "trace", url: "https://jaeger.example.com/trace/4bf92f3577b34da6a3ce929d0e0e4736" },
        ],
      },
      {
        traceId: "00f067aa0ba902b74bf92f3577b34da6",
        startMs: firedAtMs - 2 * minuteMs,
        durationMs: 312,
        errorCount: 1,
        summary: "productpage > reviews-v3 > ratings: 500",
        detail: null,
        faultAt: null,
        links: [],
      },
    ],
    logPatterns: [
      {
        pattern: "upstream connect error or disconnect/reset before headers. reset reason: * (host *)",
        count: 812,
        baselineCount: 3,
        sample: "upstream connect error or disconnect/reset before headers. reset reason: overflow (host 10.2.0.7)",
      },
    ],
    changes: [
      {
        atMs: firedAtMs - 12 * minuteMs,
        kind: "VirtualService",
        namespace: "bookinfo",
        name: "ratings",
        summary: "fault: abort 503 on 3 % of all requests",
        detail: "fault: abort 503 on 3 % of all requests (was none)\nby kubectl-client-side-apply",
      },
    ],
    health: [],
    links: [
      { kind: "MESHLENS", name: "incident", url: "https://meshlens.example.com/incidents/i-1" },
      { kind: "GRAFANA", name: "service", url: "https://grafana.example.com/d/meshlens-service?var-service=ratings" },
      { kind: "PROMETHEUS", name: "error ratio", url: "https://prometheus.example.com/graph?g0.expr=up&g0.tab=0" },
      { kind: "JAEGER", name: "failing traces", url: "https://jaeger.example.com/search?service=ratings.bookinfo" },
      { kind: "KIBANA", name: "logs", url: "https://kibana.example.com/app/discover#/?_g=(time:(from:'a',to:'b'))" },
    ],
    missing: [],
    ...differently,
  };
}
