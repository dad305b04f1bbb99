/** Golden signals that ask when they are read: of one service, or of one edge. Built by the metrics reader. */
import { type Eventually, whenHere } from "../../telemetry/eventually.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Absence, GoldenSignals, Pillar, RequestOutcome, Series, View } from "../mesh.js";
import { mapPillar } from "../pillar.js";
import { errorRatioSeries, outcomeOnce, rateSeries } from "./golden-of-rows.js";
import type { Measure, Scope } from "./measure-ask.js";
import type { MeasureLoader, MeasureTable } from "./measure-loader.js";
import type { CountTable, LatencyTable, PlacedRow } from "./measure-table.js";

/** What differs between a service and an edge. */
export interface GoldenSubject {
  readonly window: TimeWindow;
  /** The outcome where nothing is left to ask for it. */
  known(view: View): Pillar<RequestOutcome> | null;
  /** The scope a measure is asked in. */
  scope(measure: Measure, maxPoints: number | null): Scope;
  /** The subject's own rows of a table. */
  rows(table: CountTable): readonly PlacedRow[];
  latency(table: LatencyTable): readonly (number | null)[] | null;
  absence(): Eventually<Absence | null>;
}

/** What all subjects of an answer share. */
export interface GoldenTerms {
  readonly loader: MeasureLoader;
  rangeMsOf(maxPoints: number): number;
}

/** Signals of a subject; equal reads share one question of the loader. */
export function createGolden(terms: GoldenTerms, subject: GoldenSubject): GoldenSignals {
  return new MeasuredGolden(terms, subject);
}

/** A class, as a graph has five thousand of them and as closures each would weigh more than its numbers. */
class MeasuredGolden implements GoldenSignals {
  readonly #terms: GoldenTerms;
  readonly #subject: GoldenSubject;

  constructor(terms: GoldenTerms, subject: GoldenSubject) {
    this.#terms = terms;
    this.#subject = subject;
  }

  outcome(view: View): Eventually<Pillar<RequestOutcome>> {
    return this.#subject.known(view) ?? this.#counts(view, null, outcomeOnce);
  }

  latencyMs(view: View, quantile: number): Eventually<Pillar<number>> {
    return whenHere(this.#latency(view, quantile, null), (pillar) =>
      mapPillar(pillar, (table) => (table.kind === "latency" ? (this.#subject.latency(table)?.[0] ?? null) : null)),
    );
  }

  durationSumMs(view: View): Eventually<Pillar<number>> {
    return whenHere(this.#ask({ kind: "duration", view }, null), (pillar) =>
      mapPillar(pillar, (table) => (table.kind === "counts" ? sumOfRows(this.#subject.rows(table)) : null)),
    );
  }

  requestRateSeries(view: View, maxPoints: number): Eventually<Pillar<Series>> {
    const rangeMs = this.#terms.rangeMsOf(maxPoints);
    return this.#counts(view, maxPoints, (rows, timestampsMs) => rateSeries(rows, timestampsMs, rangeMs));
  }

  errorRatioSeries(view: View, maxPoints: number, isDeniedFailed = false): Eventually<Pillar<Series>> {
    return this.#counts(view, maxPoints, (rows, timestampsMs) => errorRatioSeries(rows, timestampsMs, isDeniedFailed));
  }

  latencyMsSeries(view: View, quantile: number, maxPoints: number): Eventually<Pillar<Series>> {
    return whenHere(this.#latency(view, quantile, maxPoints), (pillar) =>
      mapPillar(pillar, (table) => {
        const values = table.kind === "latency" ? this.#subject.latency(table) : null;
        return values === null ? null : { timestampsMs: table.timestampsMs, values };
      }),
    );
  }

  absence(): Eventually<Absence | null> {
    return this.#subject.absence();
  }

  #counts<T>(
    view: View,
    maxPoints: number | null,
    read: (rows: readonly PlacedRow[], timestampsMs: readonly number[]) => T | null,
  ): Eventually<Pillar<T>> {
    return whenHere(this.#ask({ kind: "outcome", view }, maxPoints), (pillar) =>
      mapPillar(pillar, (table) =>
        table.kind === "counts" ? read(this.#subject.rows(table), table.timestampsMs) : null,
      ),
    );
  }

  #latency(view: View, quantile: number, maxPoints: number | null): Eventually<Pillar<MeasureTable>> {
    return this.#ask({ kind: "latency", view, quantile }, maxPoints);
  }

  #ask(measure: Measure, maxPoints: number | null): Eventually<Pillar<MeasureTable>> {
    const { window } = this.#subject;
    return this.#terms.loader.load({ measure, scope: this.#subject.scope(measure, maxPoints), window, maxPoints });
  }
}

/** Null where no row has a value. */
function sumOfRows(rows: readonly PlacedRow[]): number | null {
  const values = rows.flatMap(({ values: [value = null] }) => (value === null ? [] : [value]));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** Signals of what the caller may not see or what has no rows of its own: no data, no source named. */
export function noGolden(absence: Absence | null): GoldenSignals {
  const nothing = () => ({ value: null, sources: [], errors: [] });
  return {
    outcome: nothing,
    latencyMs: nothing,
    durationSumMs: nothing,
    requestRateSeries: nothing,
    errorRatioSeries: nothing,
    latencyMsSeries: nothing,
    absence: () => absence,
  };
}
