/** `slo.defaults` of the configuration → objectives for every service that has none of its own. Called whenever the services are listed. */

import type { MeshlensConfig } from "../config/config-schema.js";
import { durationMs } from "../config/duration.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import { defaultHold, defaultMinFailedEvents, usualTiers } from "./burn-tier.js";
import { contractFailedRule, type Objective, objectiveId, type Sli, wholeService } from "./objective.js";
import { parseTarget } from "./target.js";

/** `slo.defaults` as configured. */
export type DefaultsConfig = NonNullable<NonNullable<MeshlensConfig["slo"]>["defaults"]>;

/**
 * The default objectives of those `services` that no objective of `own` names; an objective without a cluster names its service in
 * every cluster. Named `availability` and `latency`.
 */
export function defaultObjectives(
  defaults: DefaultsConfig | undefined,
  services: readonly ServiceRef[],
  own: readonly Objective[],
): readonly Objective[] {
  if (defaults === undefined) return [];
  const everywhere = new Set(
    own.filter(({ service }) => service.cluster === null).map(({ service }) => nameOf(service)),
  );
  const somewhere = new Set(
    own.flatMap(({ service: { cluster, ...rest } }) => (cluster === null ? [] : [serviceKey({ cluster, ...rest })])),
  );
  const templates = templatesOf(defaults);
  return services
    .filter((service) => !everywhere.has(nameOf(service)) && !somewhere.has(serviceKey(service)))
    .flatMap((service) => templates.map((template) => objectiveFrom(template, service)));
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return serviceKey({ cluster: "", namespace, name });
}

/** What is the same for every service is one object for all: there are thousands. */
type Template = Omit<Objective, "id" | "service">;

function objectiveFrom(template: Template, service: ServiceRef): Objective {
  const { name, description, scope, sli, target, period, alerting, origin } = template;
  const id = objectiveId(service, name);
  return { id, name, description, service, scope, sli, target, period, alerting, origin };
}

function templatesOf({ availability, latency }: DefaultsConfig): readonly Template[] {
  const calls = { view: "callers", failed: contractFailedRule } as const;
  const made = [
    availability && makeTemplate("availability", { kind: "AVAILABILITY", ...calls }, availability),
    latency && makeTemplate("latency", { kind: "LATENCY", ...calls, thresholdMs: latency.thresholdMs }, latency),
  ];
  return made.filter((template) => template !== undefined);
}

function makeTemplate(
  name: string,
  sli: Sli,
  { target, window }: { readonly target: number; readonly window: string },
): Template {
  const lengthMs = durationMs(window) ?? 0;
  return {
    name,
    description: null,
    scope: wholeService,
    sli,
    // The configuration's own check lets only numbers between 0 and 1 through; such as 1e-7 have no decimal form and are taken as they are.
    target: parseTarget(target) ?? { ratio: target, budgetRatio: 1 - target },
    period: { kind: "rolling", durationMs: lengthMs },
    alerting: { tiers: usualTiers(lengthMs), minFailedEvents: defaultMinFailedEvents, hold: defaultHold },
    origin: { kind: "default", file: null, line: null },
  };
}
