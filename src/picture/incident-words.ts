/** What the picture of an incident shows, in words with the numbers: its alternative text. Pure. */
import type { IncidentGraph } from "../diagnosis/incident-graph.js";
import { cleanLine } from "../telemetry/clean-text.js";
import { callWords, nodeName, partOfSuspect, restWords, suspectWords } from "./call-words.js";
import type { IncidentPicture } from "./draw-incident.js";

const mostChars = 1_000;
const mostCalls = 8;

/** At most 1,000 characters on one line. */
export function incidentWords({ title, graph }: IncidentPicture): string {
  const { nodes, edges, measure } = graph;
  const suffering = nodes.find(({ isAlerting }) => isAlerting);
  const suspects = nodes.flatMap((node) => {
    const { suspect } = node;
    if (suspect === null) return [];
    const part = partOfSuspect(suspect);
    return [`${suspectWords(suspect)}: ${nodeName(node)}${part === null ? "" : ` (${part})`}`];
  });
  const calls = edges.flatMap((edge) => {
    const words = callWords(edge, measure);
    return words.length === 0 ? [] : [`${callName(graph, edge)}: ${words.join("; ")}`];
  });
  const rest = restWords(graph);
  const sentences = [
    `${title}. The calls that matter`,
    ...(suffering === undefined ? [] : [`requests of ${nodeName(suffering)} suffer`]),
    ...suspects,
    ...calls.slice(0, mostCalls),
    ...(calls.length === 0 ? ["no call fails more or takes longer than before"] : []),
  ];
  return cleanLine(`${sentences.join(". ")}.${rest === null ? "" : ` ${rest}`}`, mostChars);
}

/** `reviews to ratings`. */
function callName({ nodes }: IncidentGraph, { source, destination }: IncidentGraph["edges"][number]): string {
  return `${nodes[source]?.name ?? "?"} to ${nodes[destination]?.name ?? "?"}`;
}
