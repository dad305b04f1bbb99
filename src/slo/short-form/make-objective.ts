/** One entry of a short-form file → the model. Called by readShortForm, which knows the places. */
import { durationMs } from "../../config/duration.js";
import {
  type BurnTier,
  defaultHold,
  defaultMinFailedEvents,
  type HoldTimes,
  tierName,
  tierOf,
  usualTiers,
} from "../burn-tier.js";
import {
  type AlertingRules,
  labelled,
  type Objective,
  type ObjectiveOrigin,
  type ObjectiveScope,
  objectiveId,
  type Sli,
} from "../objective.js";
import { commonAnchor, nominalPeriodMs, type ObjectivePeriod } from "../period.js";
import type { Report } from "../readers/report.js";
import { parseServiceName } from "../service-name.js";
import { parseTarget, type Target } from "../target.js";
import { makeSli, type SliKey, sliKeys } from "./make-sli.js";
import type { ShortAlerting, ShortForm, ShortObjective, ShortPeriod } from "./schema.js";

/** The objective of an entry; null when something was reported that leaves none. */
export function makeObjective(
  item: ShortObjective,
  file: Pick<ShortForm, "cluster" | "namespace" | "labels" | "defaults">,
  origin: ObjectiveOrigin,
  report: Report,
): Objective | null {
  const service = serviceOf(item.service, file);
  if (service === null) report("error", "SLO_SERVICE", ["service"], notAService);
  const key = onlySli(item, report);
  const caller = item.caller === undefined ? null : serviceOf(item.caller, file);
  if (item.caller !== undefined && caller === null) report("error", "SLO_SERVICE", ["caller"], notAService);
  const { version = null, route = null, host = null } = item;
  const scope: ObjectiveScope = { version, route, caller, host };
  const made = key === null ? null : makeSli(item, key, report);
  if (key !== null) checkScope(item, key, report);
  if (service === null || key === null || made === null) return null;
  const period = makePeriod(item.window ?? file.defaults.window);
  const name = item.name ?? defaultName(made.sli);
  return {
    id: objectiveId(service, name),
    name,
    description: item.description ?? null,
    ...labelled(file.labels, item.labels),
    service,
    scope,
    sli: made.sli,
    target: made.target,
    period,
    alerting: makeAlerting(item, file, period, report),
    origin,
  };
}

const notAService =
  "must be name, namespace/name or cluster/namespace/name; a bare name needs namespace: at the top of the file";

function serviceOf(text: string, { cluster, namespace }: Pick<ShortForm, "cluster" | "namespace">) {
  return parseServiceName(text, { cluster: cluster ?? null, namespace: namespace ?? null });
}

function onlySli(item: ShortObjective, report: Report): SliKey | null {
  const found = sliKeys.filter((key) => item[key] !== undefined);
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  const words =
    only === undefined
      ? `needs one of ${sliKeys.join(", ")}`
      : `has ${found.join(" and ")}: an objective has one of them, make it two objectives`;
  report("error", "SLO_SLI", second === undefined ? [] : [second], words);
  return null;
}

function checkScope(item: ShortObjective, key: SliKey, report: Report): void {
  const refuse = (parts: readonly (keyof ObjectiveScope)[], words: string) => {
    for (const part of parts) if (item[part] !== undefined) report("error", "SLO_SCOPE", [part], words);
  };
  if (key === "connections") refuse(["route"], "cannot stand beside connections, which have no routes");
  else if (key !== "availability" && key !== "latency") {
    const words = `cannot stand beside ${key}: the queries choose what they count; put it into their matchers`;
    refuse(["version", "route", "caller", "host"], words);
    return;
  }
  if (item.host === undefined) return;
  refuse(["version", "route", "caller"], "cannot stand beside host: the calls are those of the service to the host");
  const calls = key === "latency" ? item.latency : key === "availability" ? item.availability : undefined;
  if (typeof calls === "object" && calls.view === "server") {
    refuse(["host"], "is seen by its callers only: leave view: server out, a host outside the mesh has no proxy");
  }
}

function defaultName(sli: Sli): string {
  return sli.kind === "LATENCY" ? `latency-${sli.thresholdMs}ms` : sli.kind.toLowerCase();
}

/** The model's period of a checked one. */
export function makePeriod(period: ShortPeriod): ObjectivePeriod {
  if (typeof period === "string") return { kind: "rolling", durationMs: durationMs(period) ?? 0 };
  const { calendar, count, zone, start } = period;
  return { kind: "calendar", unit: calendar, count, zone, anchor: start ?? commonAnchor };
}

/** Whose tiers an objective has: its own, the file's, or the usual ones. */
export function tiersFrom(item: Pick<ShortObjective, "alerting">, file: Pick<ShortForm, "defaults">): TiersFrom {
  if (item.alerting?.tiers !== undefined) return { tiers: item.alerting.tiers, path: ["alerting", "tiers"] };
  const tiers = file.defaults.alerting?.tiers;
  return tiers === undefined ? null : { tiers, path: ["defaults", "alerting", "tiers"] };
}

type ShortTiers = NonNullable<ShortAlerting["tiers"]>;
type TiersFrom = { readonly tiers: ShortTiers; readonly path: readonly PropertyKey[] } | null;

function makeAlerting(
  item: Pick<ShortObjective, "alerting">,
  file: Pick<ShortForm, "defaults">,
  period: ObjectivePeriod,
  report: Report,
): AlertingRules {
  const periodMs = nominalPeriodMs(period);
  const written = tiersFrom(item, file);
  const layers = [item.alerting, file.defaults.alerting];
  return {
    tiers: written === null ? usualTiers(periodMs) : ownTiers(written.tiers, periodMs, written.path, report),
    minFailedEvents:
      item.alerting?.minFailedEvents ?? file.defaults.alerting?.minFailedEvents ?? defaultMinFailedEvents,
    hold: {
      PAGE: holdOf(
        layers.map((layer) => layer?.page),
        defaultHold.PAGE,
      ),
      TICKET: holdOf(
        layers.map((layer) => layer?.ticket),
        defaultHold.TICKET,
      ),
    },
  };
}

function ownTiers(
  tiers: ShortTiers,
  periodMs: number,
  path: readonly PropertyKey[],
  report: Report,
): readonly BurnTier[] {
  return tiers.flatMap((tier, index): readonly BurnTier[] => {
    const severity = tier.severity === "page" ? "PAGE" : "TICKET";
    const [longMs, shortMs] = [durationMs(tier.long) ?? 0, durationMs(tier.short) ?? 0];
    const share: Target | null = tier.budget === undefined ? null : parseTarget(tier.budget);
    if ((share === null) === (tier.factor === undefined)) {
      report("error", "SLO_SHAPE", [...path, index], "needs exactly one of budget and factor");
      return [];
    }
    if (share === null) {
      return [{ name: tierName(longMs, shortMs), severity, longMs, shortMs, factor: tier.factor ?? 0 }];
    }
    return [tierOf({ severity, longMs, shortMs, budgetShare: share.ratio }, periodMs)];
  });
}

type ShortHold = ShortAlerting["page"];

/** The first layer that says something, per time; null lengths stand for `0s`, which is no duration of Prometheus. */
function holdOf(layers: readonly ShortHold[], usual: HoldTimes): HoldTimes {
  const first = (key: "for" | "keepFiring") => layers.find((layer) => layer?.[key] !== undefined)?.[key];
  const [forText, keepText] = [first("for"), first("keepFiring")];
  return {
    forMs: forText === undefined ? usual.forMs : (durationMs(forText) ?? 0),
    keepFiringMs: keepText === undefined ? usual.keepFiringMs : (durationMs(keepText) ?? 0),
  };
}
