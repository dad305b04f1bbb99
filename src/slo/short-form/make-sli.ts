/** The indicator of a short-form entry → the model, with its target. Called by makeObjective. */
import type { CallStatus, FailedRule, Sli } from "../objective.js";
import { parseSelector } from "../promql/parse-user-query.js";
import { eventsIndicator, ratioIndicator } from "../readers/query-indicator.js";
import type { Report } from "../readers/report.js";
import { parseTarget, type Target } from "../target.js";
import { isOverlapping, parseCallStatus } from "./call-status.js";
import type { ShortObjective } from "./schema.js";

/** Keys of which an entry has exactly one. */
export const sliKeys = ["availability", "latency", "connections", "events", "ratio", "gauge"] as const;

/** One of them. */
export type SliKey = (typeof sliKeys)[number];

/** The indicator at `key`; null when something was reported that leaves none. */
export function makeSli(item: ShortObjective, key: SliKey, report: Report): { sli: Sli; target: Target } | null {
  const written = item[key];
  const target = parseTarget(typeof written === "object" ? written.target : (written ?? ""));
  const sli = sliOf(item, report);
  return target === null || sli === null ? null : { sli, target };
}

function sliOf(item: ShortObjective, report: Report): Sli | null {
  const { availability, latency, connections, events, ratio, gauge } = item;
  if (availability !== undefined) {
    const calls = typeof availability === "object" ? availability : null;
    const failed = failedRule(calls, (below, words) =>
      report("error", "SLO_STATUS", ["availability", ...below], words),
    );
    return { kind: "AVAILABILITY", view: calls?.view ?? "callers", failed };
  }
  if (latency !== undefined) {
    const failed = failedRule(latency, (below, words) => report("error", "SLO_STATUS", ["latency", ...below], words));
    return { kind: "LATENCY", view: latency.view, failed, thresholdMs: latency.thresholdMs };
  }
  if (connections !== undefined) return { kind: "CONNECTIONS" };
  if (events !== undefined) return eventsSli(events, report);
  if (ratio !== undefined) return ratioSli(ratio, report);
  return gauge === undefined ? null : gaugeSli(gauge.selector, report);
}

interface Calls {
  readonly failedStatus: Readonly<Record<"add" | "remove", readonly (string | number)[]>>;
  readonly callerGaveUp: boolean;
}

function failedRule(calls: Calls | null, report: (below: readonly PropertyKey[], message: string) => void): FailedRule {
  const read = (side: "add" | "remove") =>
    (calls?.failedStatus[side] ?? []).flatMap((entry, index): readonly CallStatus[] => {
      const status = parseCallStatus(entry);
      if (status === null) {
        report(["failedStatus", side, index], "is no status: write 403, 4xx, 0, grpc:7, grpc:ABORTED or flag:RL");
      }
      return status === null ? [] : [status];
    });
  const [add, remove] = [read("add"), read("remove")];
  for (const [index, one] of remove.entries()) {
    if (!add.some((other) => isOverlapping(one, other))) continue;
    report(["failedStatus", "remove", index], "is added and removed: leave it out of one of them");
  }
  return { add, remove, callerGaveUp: calls?.callerGaveUp ?? true };
}

interface Split {
  readonly failed?: string | undefined;
  readonly good?: string | undefined;
}

function sideOf({ failed, good }: Split, key: "events" | "ratio", report: Report) {
  if (failed !== undefined && good === undefined) return { side: "failed", text: failed } as const;
  if (good !== undefined && failed === undefined) return { side: "good", text: good } as const;
  const words =
    failed === undefined
      ? "needs one of failed and good"
      : "has failed and good: leave one out, it follows from the other";
  report("error", "SLO_SLI", [key], words);
  return null;
}

function eventsSli(events: Split & { readonly total: string }, report: Report): Sli | null {
  const chosen = sideOf(events, "events", report);
  const total = { text: events.total, path: ["events", "total"] };
  if (chosen === null) return null;
  return eventsIndicator(chosen.side, { text: chosen.text, path: ["events", chosen.side] }, total, report);
}

function ratioSli(ratio: Split, report: Report): Sli | null {
  const chosen = sideOf(ratio, "ratio", report);
  return chosen === null
    ? null
    : ratioIndicator(chosen.side, { text: chosen.text, path: ["ratio", chosen.side] }, report);
}

function gaugeSli(selector: string, report: Report): Sli | null {
  const gauge = parseSelector(selector);
  if (gauge !== null) return { kind: "GAUGE", gauge };
  report("error", "SLO_QUERY", ["gauge", "selector"], 'is not a plain selector such as up{job="api"}');
  return null;
}
