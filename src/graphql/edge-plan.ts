/** Which measures a selection of edges needs, for the mesh to ask in one wave. */
import type { AnnouncedMeasure } from "../mesh/mesh.js";
import { announced, goldenMeasures } from "./golden-plan.js";
import { below, type SelectedField } from "./selection.js";

/** Fields of Edge that come from its traffic. */
const trafficFields: ReadonlySet<string> = new Set([
  "connectionRate",
  "connectionErrorRatio",
  "sentBytesPerSecond",
  "receivedBytesPerSecond",
  "mutualTlsRatio",
  "retryRatio",
]);

/** Measures a selection on Edge needs, each once. */
export function edgeMeasures(edgeFields: readonly SelectedField[]): readonly AnnouncedMeasure[] {
  const golden = goldenMeasures([
    ...below(edgeFields, "golden"),
    ...edgeFields.filter((field) => field.name === "responseFlags"),
  ]);
  const traffic = edgeFields.some((field) => trafficFields.has(field.name));
  return [...announced("edges", golden), ...(traffic ? [{ of: "edges", measure: "traffic" } as const] : [])];
}
