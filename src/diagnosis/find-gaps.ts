/** What a diagnosis could not see, found in the evidence itself. Called by diagnose.ts. */
import type { IncidentEvidence, MissingPart } from "./incident-evidence.js";
import { sayCount, sayPercent } from "./say.js";
import type { Slowness } from "./slowness.js";
import type { Badness } from "./usable-baselines.js";
import { thinRequests } from "./verdict.js";

const fewestBaseline = 100;

/** Gaps in sentences; those the gatherer already told are not repeated by pillar. */
export function findGaps(
  { incident, baselines, missing }: IncidentEvidence,
  { n, count }: Badness,
  requests: readonly Slowness[],
): readonly MissingPart[] {
  const told = new Set(missing.map(({ pillar }) => pillar));
  const gaps: MissingPart[] = [];
  const traces = incident.traces?.length ?? 0;
  if (traces === 0 && !told.has("TRACES"))
    gaps.push({ pillar: "TRACES", message: "There are no traces: what happens within a service is not seen." });
  if (n > 0 && count < thinRequests)
    gaps.push({ pillar: "TRACES", message: `Only ${sayCount(count)} requests were seen: nobody is called likely.` });
  const cut = requests.filter(({ request }) => !request.isWhole).length;
  if (cut > 0.1 * requests.length && cut > 0)
    gaps.push({
      pillar: "TRACES",
      message: `${sayPercent(cut / requests.length)} of the traces are cut or still in flight: their time is not compared.`,
    });
  if (
    incident.edges !== null &&
    incident.edges.length > 0 &&
    !incident.edges.some(({ reporter }) => reporter !== "DESTINATION")
  )
    gaps.push({
      pillar: "METRICS",
      message: "Only the servers' proxies report metrics: time on the way between services is seen in traces only.",
    });
  if ((incident.edges ?? []).length > 0 && incident.edges?.every(({ durationSumMs }) => durationSumMs === null))
    gaps.push({
      pillar: "METRICS",
      message: "No sums of durations are counted (`_sum` of a classic histogram): who is slow is seen in traces only.",
    });
  const before = baselines.reduce((sum, window) => sum + (window.traces?.length ?? 0), 0);
  if (traces > 0 && baselines.length > 0 && before < fewestBaseline && !told.has("BASELINE"))
    gaps.push({
      pillar: "BASELINE",
      message: `The baseline holds ${sayCount(before)} traces only: what is rare is not known to be usual.`,
    });
  return gaps;
}
