/** The chart of an incident from the stored counts: how fast it burned over the windows that fired, and the failed share of the calls. */
import { burnRate } from "../../slo/burn-rate.js";
import { errorRatios, historyInstants } from "../../slo/objective-history.js";
import type { SliCountStore } from "../../store/sli-count-store.js";
import type { EvidenceChart, MissingEvidence } from "../evidence.js";
import { readPasts } from "../read-history.js";
import type { EvidenceSubject, GatheredPart } from "./mesh-evidence.js";

const points = 60;
const hourMs = 3_600_000;
const longestMs = 24 * hourMs;
/** A share over less would jump with every scrape. */
const leastShareMs = 60_000;

/** Over twice the longest window that fired, an hour to a day. @throws MESHLENS_ERR_STORE_* */
export async function chartOf(
  counts: Pick<SliCountStore, "read" | "scopes">,
  { service, objective, window: { toMs } }: EvidenceSubject,
  metTiers: readonly string[],
): Promise<GatheredPart<EvidenceChart>> {
  if (objective === null) return { value: null, missing: [notKept("The objective is configured no more.")] };
  const { tiers } = objective.alerting;
  const met = tiers.filter(({ name }) => metTiers.includes(name));
  const fastest = [...(met.length > 0 ? met : tiers)].sort((a, b) => b.factor - a.factor)[0];
  if (fastest === undefined) return { value: null, missing: [notKept("The objective has no tiers.")] };
  const longestLongMs = Math.max(...(met.length > 0 ? met : [fastest]).map(({ longMs }) => longMs));
  const spanMs = Math.min(longestMs, Math.max(hourMs, 2 * longestLongMs));
  const instants = historyInstants({ fromMs: toMs - spanMs, toMs }, points);
  const stepMs = Math.max(leastShareMs, (instants[1] ?? 0) - (instants[0] ?? 0));
  const fromMs = toMs - spanMs - Math.max(stepMs, fastest.longMs);
  const [pasts = null] = await readPasts(counts, [{ objective, service }], { fromMs, toMs });
  if (pasts === null) return { value: null, missing: [notKept("The counts of this objective are not kept by steps.")] };
  const burn = [fastest.shortMs, fastest.longMs].map((windowMs) => ({
    windowMs,
    values: errorRatios(pasts, instants, windowMs).map((ratio) => burnRate(ratio, objective.target)),
  }));
  const thresholds = tiers.map(({ name, factor }) => ({ tier: name, value: factor }));
  const shown = thresholds.filter(({ tier }) => tier === fastest.name || metTiers.includes(tier));
  return {
    value: { timestamps: [...instants], errorRatio: errorRatios(pasts, instants, stepMs), burn, thresholds: shown },
    missing: [],
  };
}

function notKept(message: string): MissingEvidence {
  return { part: "CHART", name: "counts", state: "NOT_CONFIGURED", message };
}
