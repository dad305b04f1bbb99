/** Layer-4 connections of services: opened, and closed with a failure flag. One part a counter and view; pure. Called by source-counts.ts. */
import type { Dialect } from "../../mesh/dialects/dialect.js";
import { isConnectionFailure } from "../../mesh/metrics/edge-traffic.js";
import type { ServiceIndex } from "../../mesh/metrics/service-index.js";
import type { MetricPart, MetricResult } from "../../telemetry/metric-source.js";
import { type BucketTimes, createCounts, type ScopedCounts } from "./fold-counts.js";
import { type LearnedSource, stickyMs } from "./learn-source.js";
import { labelSuffix, rowKey } from "./row-key.js";
import { connectionsScope, type Grain, grainParts } from "./sli-family.js";
import { chosenViews } from "./view-choice.js";

/** A part with what its rows mean. */
export interface ConnectionPart {
  readonly part: MetricPart;
  readonly grain: Grain;
  readonly dialect: Dialect;
  readonly role: "opened" | "closed";
}

/** The questions of one grain; [] where no dialect that is spoken counts connections. */
export function connectionParts(grain: Grain, { index }: LearnedSource): readonly ConnectionPart[] {
  return index.spoken.flatMap(({ dialect }) => {
    const { tcp } = dialect;
    const version = dialect.requests.partLabels.version;
    const needsVersion = grainParts(grain).has("version");
    const opened = tcp?.counters.find(({ role }) => role === "opened");
    if (tcp === null || opened === undefined || (needsVersion && version === null)) return [];
    return tcp.counters.flatMap(({ metric, matchers, role }) => {
      if (role !== "opened" && role !== "closed") return [];
      const more = [
        ...(needsVersion && version !== null ? [version] : []),
        ...(role === "closed" ? tcp.flagLabels : []),
      ];
      const groupBy = [...new Set([...tcp.labels, ...more])];
      return tcp.views.flatMap((preference) =>
        chosenViews(preference, null, metric, opened.metric, stickyMs, matchers).map((of) => ({
          part: { id: "", expression: { kind: "count" as const, of, groupBy } },
          grain,
          dialect,
          role,
        })),
      );
    });
  });
}

/** Opened and failed connections of one grain of one source. */
export function foldConnections(
  grain: Grain,
  parts: readonly ConnectionPart[],
  { rows }: Pick<MetricResult, "rows">,
  index: ServiceIndex,
  times: BucketTimes,
): ScopedCounts {
  const partOf = new Map(parts.map((own) => [own.part.id, own]));
  const sum = createCounts(["total", "failed"], times);
  for (const { part, labels, values } of rows) {
    const own = partOf.get(part);
    const row = own?.dialect.toRow(labels, "TCP") ?? null;
    if (own === undefined || row === null) continue;
    const key = rowKey(grain, own.dialect, row, labelSuffix(grain, own.dialect, labels), index);
    if (key === null) continue;
    const isOpened = own.role === "opened";
    sum.add(key, 0, values, isOpened ? 1 : 0);
    sum.add(key, 1, values, !isOpened && isConnectionFailure(row.flags) ? 1 : 0);
  }
  return { scope: connectionsScope(grain), block: sum.block() };
}
