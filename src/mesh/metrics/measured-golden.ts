/** Golden signals that ask when they are read: of one service, or of one edge. Built by the metrics reader. */
import { type Eventually, whenHere } from "../../telemetry/eventually.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Absence, GoldenSignals, Pillar, View } from "../mesh.js";
import { mapPillar } from "../pillar.js";
import { errorRatioSeries, outcomeOfRows, rateSeries } from "./golden-of-rows.js";
import type { Measure, Scope } from "./measure-ask.js";
import type { MeasureLoader, MeasureTable } from "./measure-loader.js";
import type { CountTable, LatencyTable, PlacedRow } from "./measure-table.js";

/** What differs between a service and an edge. */
export interface GoldenSubject {
  readonly window: TimeWindow;
  /** The scope a measure is asked in. */
  scope(measure: Measure, maxPoints: number | null): Scope;
  /** The subject's own rows of a table. */
  rows(table: CountTable): readonly PlacedRow[];
  latency(table: LatencyTable): readonly (number | null)[] | null;
  absence(): Eventually<Absence | null>;
}

/** Signals of a subject; equal reads share one question of the loader. */
export function createGolden(
  loader: MeasureLoader,
  subject: GoldenSubject,
  rangeMsOf: (maxPoints: number) => number,
): GoldenSignals {
  const { window } = subject;

  function counts<T>(
    view: View,
    maxPoints: number | null,
    read: (rows: readonly PlacedRow[], timestampsMs: readonly number[]) => T | null,
  ): Eventually<Pillar<T>> {
    const measure = { kind: "outcome", view } as const;
    const asked = loader.load({ measure, scope: subject.scope(measure, maxPoints), window, maxPoints });
    return whenHere(asked, (pillar) =>
      mapPillar(pillar, (table) => (table.kind === "counts" ? read(subject.rows(table), table.timestampsMs) : null)),
    );
  }

  function latency(view: View, quantile: number, maxPoints: number | null): Eventually<Pillar<MeasureTable>> {
    const measure = { kind: "latency", view, quantile } as const;
    return loader.load({ measure, scope: subject.scope(measure, maxPoints), window, maxPoints });
  }

  return {
    outcome: (view) => counts(view, null, outcomeOfRows),
    latencyMs: (view, quantile) =>
      whenHere(latency(view, quantile, null), (pillar) =>
        mapPillar(pillar, (table) => (table.kind === "latency" ? (subject.latency(table)?.[0] ?? null) : null)),
      ),
    requestRateSeries: (view, maxPoints) =>
      counts(view, maxPoints, (rows, timestampsMs) => rateSeries(rows, timestampsMs, rangeMsOf(maxPoints))),
    errorRatioSeries: (view, maxPoints) => counts(view, maxPoints, errorRatioSeries),
    latencyMsSeries: (view, quantile, maxPoints) =>
      whenHere(latency(view, quantile, maxPoints), (pillar) =>
        mapPillar(pillar, (table) => {
          const values = table.kind === "latency" ? subject.latency(table) : null;
          return values === null ? null : { timestampsMs: table.timestampsMs, values };
        }),
      ),
    absence: () => subject.absence(),
  };
}

/** Signals of what the caller may not see or what has no rows of its own: no data, no source named. */
export function noGolden(absence: Absence | null): GoldenSignals {
  const nothing = () => ({ value: null, sources: [], errors: [] });
  return {
    outcome: nothing,
    latencyMs: nothing,
    requestRateSeries: nothing,
    errorRatioSeries: nothing,
    latencyMsSeries: nothing,
    absence: () => absence,
  };
}
