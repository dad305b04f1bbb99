/** What a picture says of calls and suspects in words: labels, alternative text and tables agree. Pure. */
import type { Compared, GraphEdge, GraphNode, GraphSuspect, IncidentGraph } from "../diagnosis/incident-graph.js";
import { sayMs, sayPercent } from "../diagnosis/say.js";

/** Of the largest excess: calls with less of it have no words. */
const telling = 0.1;
const [leastFailedPer100, leastSlower, leastSlowerMs] = [0.5, 1.3, 1];

/** What differs on a call, what the graph measures first: `94 % fail, was 0.1 %`, `1.01 s, was 4 ms`; [] when nothing does. */
export function callWords(edge: GraphEdge, measure: IncidentGraph["measure"]): readonly string[] {
  if (measure === null || edge.weight < telling) return [];
  const { failedRatio, callMs, excessFailedPer100 } = edge;
  const failed = excessFailedPer100 >= leastFailedPer100 ? [failedWords(failedRatio)] : [];
  const time = callMs !== null && isSlower(callMs) ? [msWords(callMs)] : [];
  return measure === "TIME" ? [...time, ...failed] : [...failed, ...time];
}

function isSlower({ incident, before }: Compared): boolean {
  return before !== null && incident > leastSlower * before && incident - before > leastSlowerMs;
}

/** `94 % fail, was 0.1 %`. */
export function failedWords({ incident, before }: Compared): string {
  return `${sayPercent(incident)} fail${before === null ? "" : `, was ${sayPercent(before)}`}`;
}

/** `1.01 s, was 4 ms`. */
export function msWords({ incident, before }: Compared): string {
  return `${sayMs(incident)}${before === null ? "" : `, was ${sayMs(before)}`}`;
}

/** `suspect 1, likely`. */
export function suspectWords({ rank, grade }: GraphSuspect): string {
  return `suspect ${rank}, ${grade.toLowerCase()}`;
}

const partWords = {
  VERSION: "version",
  POD: "pod",
  EDGE: "calls from",
  EXTERNAL: "or behind it",
  RULE: "rule",
} as const;

/** `version reviews-v3`; null for the whole service. */
export function partOfSuspect({ part }: GraphSuspect): string | null {
  return part === null ? null : `${partWords[part.kind]} ${part.name}`;
}

/** `ratings.bookinfo`; of what is no service its name. */
export function nodeName({ service, name }: GraphNode): string {
  return service === null ? name : `${service.name}.${service.namespace}`;
}

/** What the widths of the calls tell. */
export function measureWords(measure: IncidentGraph["measure"]): string {
  switch (measure) {
    case "FAILED":
      return "Width: how many more calls fail here than before, per request.";
    case "TIME":
      return "Width: how much more time is spent here than before, per request.";
    default:
      return "No call fails more or takes longer than before.";
  }
}

/** What is left out: `Not drawn: 212 more services and 480 more calls, with 3 % of the excess.`; null when nothing is. */
export function restWords({ measure, rest: { nodeCount, edgeCount, excessRatio } }: IncidentGraph): string | null {
  const counts = [
    ...(nodeCount > 0 ? [`${counted(nodeCount)} more ${nodeCount === 1 ? "service" : "services"}`] : []),
    ...(edgeCount > 0 ? [`${counted(edgeCount)} more ${edgeCount === 1 ? "call" : "calls"}`] : []),
  ];
  if (counts.length === 0) return null;
  const share = measure === null ? "" : `, with ${sayPercent(excessRatio)} of the excess`;
  return `Not drawn: ${counts.join(" and ")}${share}.`;
}

function counted(count: number): string {
  return count.toLocaleString("en-US");
}
