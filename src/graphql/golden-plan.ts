/**
 * Which measures a selection of Golden needs: what is announced to the mesh so that it goes out in one wave, what `sources` waits for and
 * what cost counts, all from one reading.
 */
import type { AnnouncedMeasure, GoldenSignals, Pillar, View } from "../mesh/mesh.js";
import type { Eventually } from "../telemetry/eventually.js";
import { fieldsBelow, oncePerField, type SelectedField } from "./selection.js";

/** One upstream question behind golden signals. */
export type GoldenMeasure =
  | { readonly kind: "outcome"; readonly view: View }
  | { readonly kind: "latency"; readonly view: View; readonly quantile: number }
  | { readonly kind: "requestRateSeries" | "errorRatioSeries"; readonly view: View; readonly maxPoints: number }
  | { readonly kind: "latencySeries"; readonly view: View; readonly quantile: number; readonly maxPoints: number };

const outcomeFields = new Set([
  "requestCount",
  "failures",
  "clientErrors",
  "responseFlags",
  "requestRate",
  "errorRatio",
  "clientErrorRatio",
  "absence",
]);
const measureFields = new Set(["requestRate", "errorRatio", "clientErrorRatio"]);

/** Measures a selection on Golden needs, each once. `sources` alone needs the outcome. */
export function goldenMeasures(fields: readonly SelectedField[], view: View = "callers"): readonly GoldenMeasure[] {
  const found = new Map<string, GoldenMeasure>();
  for (const measure of fields.flatMap((field) => measuresOf(field, view))) found.set(JSON.stringify(measure), measure);
  if (found.size === 0 && fields.some((field) => field.name === "sources")) return [{ kind: "outcome", view }];
  return [...found.values()];
}

/** Measures of the golden signals a resolver answers with; worked out once per operation, however many edges have them. */
export const measuresBelow = {
  callers: oncePerField((info) => goldenMeasures(fieldsBelow(info))),
  server: oncePerField((info) => goldenMeasures(fieldsBelow(info), "server")),
};

/** The measures of whole-range values, in the words of MeshReader.announce. */
export function announced(of: "services" | "edges", measures: readonly GoldenMeasure[]): readonly AnnouncedMeasure[] {
  return measures.flatMap((measure): readonly AnnouncedMeasure[] => {
    if (measure.kind === "outcome") return [{ of, measure: "outcome", view: measure.view }];
    if (measure.kind === "latency") {
      return [{ of, measure: "latency", view: measure.view, quantile: measure.quantile }];
    }
    return [];
  });
}

/** Asks one measure. */
export function askMeasure(signals: GoldenSignals, measure: GoldenMeasure): Eventually<Pillar<unknown>> {
  switch (measure.kind) {
    case "outcome":
      return signals.outcome(measure.view);
    case "latency":
      return signals.latencyMs(measure.view, measure.quantile);
    case "requestRateSeries":
      return signals.requestRateSeries(measure.view, measure.maxPoints);
    case "errorRatioSeries":
      return signals.errorRatioSeries(measure.view, measure.maxPoints);
    case "latencySeries":
      return signals.latencyMsSeries(measure.view, measure.quantile, measure.maxPoints);
  }
}

function measuresOf(field: SelectedField, view: View): readonly GoldenMeasure[] {
  if (field.name === "server") return goldenMeasures(field.fields(), "server");
  if (field.name === "latency") return latencyMeasures(field, view);
  if (!outcomeFields.has(field.name)) return [];
  const children = field.fields();
  const isValueRead = !measureFields.has(field.name) || children.some((child) => child.name === "value");
  const outcome: GoldenMeasure[] = isValueRead ? [{ kind: "outcome", view }] : [];
  const kind = field.name === "requestRate" ? "requestRateSeries" : "errorRatioSeries";
  if (field.name === "clientErrorRatio") return outcome;
  return [...outcome, ...maxPointsOf(children).map((maxPoints) => ({ kind, view, maxPoints }) as const)];
}

function latencyMeasures(field: SelectedField, view: View): readonly GoldenMeasure[] {
  const quantiles = field.args()["quantiles"] as readonly number[];
  const children = field.fields();
  const isValueRead = children.some((child) => child.name === "value");
  return quantiles.flatMap((quantile): readonly GoldenMeasure[] => [
    ...(isValueRead ? [{ kind: "latency", view, quantile } as const] : []),
    ...maxPointsOf(children).map((maxPoints) => ({ kind: "latencySeries", view, quantile, maxPoints }) as const),
  ]);
}

/** Points asked of each selected series. */
function maxPointsOf(fields: readonly SelectedField[]): readonly number[] {
  return fields.flatMap((field) => (field.name === "series" ? [maxPointsArgument(field.args())] : []));
}

/** The argument `maxPoints` with its default, null counting as left out. */
export function maxPointsArgument(args: Readonly<Record<string, unknown>>): number {
  return (args["maxPoints"] as number | null | undefined) ?? 60;
}
