import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { alertRow, changeRow } from "../../src/grafana/annotation-rows.js";
import { logRow } from "../../src/grafana/evidence-rows.js";
import { statusText } from "../../src/grafana/status-text.js";
import { logRecord } from "../support/log-records.js";

const ref = { cluster: "east", namespace: "bookinfo", name: "reviews" };
const at = fc.integer({ min: 0, max: 1_000_000 });

const incident = (startedAtMs: number, resolvedAtMs: number | null) => ({
  id: "i",
  objectiveId: "o",
  service: ref,
  state: resolvedAtMs === null ? "FIRING" : "RESOLVED",
  severity: "PAGE",
  startedAtMs,
  recoveredAtMs: null,
  resolvedAtMs,
  payload: { objectiveName: "availability", summary: "reviews burns its budget", dataState: "OK" },
  acknowledged: null,
  silence: null,
});

describe("annotations", () => {
  test("an incident is one where it overlaps the range, and never ends before it begins", () => {
    fc.assert(
      fc.property(at, fc.option(at), at, at, (start, end, from, length) => {
        const resolvedAtMs = end === null ? null : start + end;
        const window = { fromMs: from, toMs: from + length + 1 };
        const row = alertRow(incident(start, resolvedAtMs), window, 3_000_000);
        const overlaps = start <= window.toMs && (resolvedAtMs ?? 3_000_000) > window.fromMs;
        expect(row !== null).toBe(overlaps);
        if (row !== null) expect(row.timeEnd).toBeGreaterThanOrEqual(row.time);
      }),
    );
  });

  test("an incident says who, what and how grave", () => {
    expect(alertRow(incident(1_000, null), { fromMs: 0, toMs: 2_000 }, 5_000)).toMatchObject({
      time: 1_000,
      timeEnd: 5_000,
      title: "PAGE bookinfo/reviews: availability firing",
      text: "reviews burns its budget",
      tags: "meshlens,alert,page,firing",
      color: "red",
      slo: "availability",
    });
  });

  test("a change is a point with its words", () => {
    const change = {
      id: "c",
      atMs: 10.5,
      nature: "CHANGED" as const,
      kind: "VirtualService",
      namespace: "bookinfo",
      name: "ratings",
      summary: "fault",
      detail: "by kim",
    };
    expect(changeRow(change, "OK")).toMatchObject({
      time: 10,
      timeEnd: 10,
      title: "VirtualService ratings",
      text: "fault\nby kim",
      tags: "meshlens,change,virtualservice",
    });
  });
});

describe("log lines", () => {
  test("have what the logs panel needs: a whole timestamp, a body, one of Grafana's levels and an id", () => {
    const words = ["critical", "error", "warning", "info", "debug", "trace", "unknown"];
    const levels = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "UNKNOWN"] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...levels),
        fc.string(),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (level, message, ms) => {
          const row = logRow(
            { ...logRecord({ level, message, at: ms }), source: "logs", service: ref, links: [] },
            ref,
            "OK",
          );
          expect(Number.isInteger(row.timestamp)).toBe(true);
          expect(row).toMatchObject({ body: message, level: words[levels.indexOf(level)], kibanaUrl: null });
          expect(row.id).toMatch(/^logs /);
        },
      ),
    );
  });
});

describe("the status column", () => {
  const source = { name: "prometheus", state: "OK", message: null } as const;
  test("is OK for what is fine or not there", () => {
    expect(statusText([source, { ...source, name: "kube", state: "NOT_CONFIGURED" }])).toBe("OK");
  });
  test("names each source that is not fine, with why", () => {
    expect(statusText([source, { name: "logs", state: "TIMEOUT", message: "no answer in 5 s" }])).toBe(
      "logs TIMEOUT: no answer in 5 s",
    );
  });
});
