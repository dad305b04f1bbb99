/** The indicator of a short-form entry → the model, with its target. Called by makeObjective. */
import type { CallStatus, FailedRule, Sli } from "../objective.js";
import { parseRatioQuery, parseSelector, parseUserQuery } from "../promql/parse-user-query.js";
import { parseTarget, type Target } from "../target.js";
import { dividedBy, type UserQuery } from "../user-query.js";
import { isOverlapping, parseCallStatus } from "./call-status.js";
import type { Report } from "./report.js";
import type { ShortObjective } from "./schema.js";

/** Keys of which an entry has exactly one. */
export const sliKeys = ["availability", "latency", "events", "ratio", "gauge"] as const;

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
  const { availability, latency, events, ratio, gauge } = item;
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
  const read = (text: string, name: string): UserQuery | null => {
    const parsed = parseUserQuery(text);
    if (parsed.query === null) report("error", "SLO_QUERY", ["events", name], parsed.message);
    else if (parsed.note !== null) report("warning", "SLO_QUERY_NOT_COUNTED", ["events", name], parsed.note);
    return parsed.query;
  };
  const part = chosen === null ? null : read(chosen.text, chosen.side);
  const total = read(events.total, "total");
  if (chosen === null || part === null || total === null) return null;
  if (part.kind === "counts" && total.kind === "counts") return { kind: "EVENTS", partIs: chosen.side, part, total };
  return { kind: "RATIO", ratioIs: chosen.side, ratio: dividedBy(part, total) };
}

function ratioSli(ratio: Split, report: Report): Sli | null {
  const chosen = sideOf(ratio, "ratio", report);
  if (chosen === null) return null;
  const parsed = parseRatioQuery(chosen.text);
  switch (parsed.kind) {
    case "invalid":
      report("error", "SLO_QUERY", ["ratio", chosen.side], parsed.message);
      return null;
    case "ratio":
      report("warning", "SLO_QUERY_NOT_COUNTED", ["ratio", chosen.side], parsed.note);
      return { kind: "RATIO", ratioIs: chosen.side, ratio: parsed.ratio };
    case "events": {
      const opposite = chosen.side === "failed" ? "good" : "failed";
      const partIs = parsed.isComplement ? opposite : chosen.side;
      return { kind: "EVENTS", partIs, part: parsed.part, total: parsed.total };
    }
  }
}

function gaugeSli(selector: string, report: Report): Sli | null {
  const gauge = parseSelector(selector);
  if (gauge !== null) return { kind: "GAUGE", gauge };
  report("error", "SLO_QUERY", ["gauge", "selector"], 'is not a plain selector such as up{job="api"}');
  return null;
}
