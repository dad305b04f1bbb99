/**
 * SLI families: objectives whose counts come with the same grouped questions, whatever their number, targets and services. Pure.
 * A family is a view and a grain; its counts are kept by rule of what failed, and by threshold.
 */
import type { View } from "../../mesh/mesh.js";
import { serviceKey } from "../../telemetry/service-ref.js";
import type { FailedRule, Objective, ObjectiveScope } from "../objective.js";

/** What a row may stand for beside its service. */
export type GrainPart = "version" | "route" | "caller" | "host";

/** `service`, or the parts joined by `+` in the order above. */
export type Grain = string;

/** The parts of a grain. */
export function grainParts(grain: Grain): ReadonlySet<GrainPart> {
  return partsOfGrain.get(grain) ?? new Set();
}

const order: readonly GrainPart[] = ["version", "route", "caller", "host"];
const partsOfGrain = new Map<Grain, ReadonlySet<GrainPart>>(
  Array.from({ length: 2 ** order.length }, (_, bits) => {
    const parts = order.filter((_part, i) => (bits >> i) % 2 === 1);
    return [grainNamed(parts), new Set(parts)];
  }),
);

function grainNamed(parts: readonly GrainPart[]): Grain {
  return parts.length === 0 ? "service" : parts.join("+");
}

/** Which thresholds are counted under one rule. */
export interface FamilyRule {
  readonly id: string;
  readonly rule: FailedRule;
  readonly thresholdsMs: readonly number[];
}

/** One family of calls. */
export interface CallFamily {
  readonly view: View;
  readonly grain: Grain;
  readonly rules: readonly FamilyRule[];
}

/** Where an objective's counts stand. */
export interface CountPlace {
  /** Scope of `total` and `failed`. */
  readonly callsScope: string;
  /** Scope of `slow`; null where no threshold is counted. */
  readonly slowScope: string | null;
  /** What comes after the service in the keys of its series; "" for the whole service. */
  readonly suffix: string;
}

/** The families of the objectives on calls; others (queries of users) have none. */
export function familiesOf(objectives: readonly Objective[]): readonly CallFamily[] {
  const families = new Map<
    string,
    { view: View; grain: Grain; rules: Map<string, { rule: FailedRule; ms: Set<number> }> }
  >();
  for (const { sli, scope } of objectives) {
    const grain = grainOf(scope);
    if (sli.kind !== "AVAILABILITY" && sli.kind !== "LATENCY") continue;
    const key = `${sli.view}|${grain}`;
    const family = families.get(key) ?? { view: sli.view, grain, rules: new Map() };
    families.set(key, family);
    const id = ruleId(sli.failed);
    const rule = family.rules.get(id) ?? { rule: sli.failed, ms: new Set<number>() };
    family.rules.set(id, rule);
    if (sli.kind === "LATENCY") rule.ms.add(sli.thresholdMs);
  }
  return [...families.values()].map(({ view, grain, rules }) => ({
    view,
    grain,
    rules: [...rules].map(([id, { rule, ms }]) => ({ id, rule, thresholdsMs: [...ms].sort((a, b) => a - b) })),
  }));
}

/** The grains in which objectives on connections are counted. */
export function connectionGrains(objectives: readonly Objective[]): readonly Grain[] {
  const grains = objectives.flatMap(({ sli, scope }) => (sli.kind === "CONNECTIONS" ? [grainOf(scope)] : []));
  return [...new Set(grains)];
}

/** Where an objective on calls or connections is counted; null for other kinds. */
export function placeOf({ sli, scope }: Pick<Objective, "sli" | "scope">): CountPlace | null {
  const grain = grainOf(scope);
  if (sli.kind === "CONNECTIONS")
    return { callsScope: connectionsScope(grain), slowScope: null, suffix: suffixOf(scope) };
  if (sli.kind !== "AVAILABILITY" && sli.kind !== "LATENCY") return null;
  const id = ruleId(sli.failed);
  return {
    callsScope: callsScope(sli.view, grain, id),
    slowScope: sli.kind === "LATENCY" ? slowScope(sli.view, grain, id, sli.thresholdMs) : null,
    suffix: suffixOf(scope),
  };
}

/** Scope of the counts `total` and `failed` of a family under one rule. */
export function callsScope(view: View, grain: Grain, rule: string): string {
  return ["calls", view, grain, rule].join("|");
}

/** Scope of the counts `total` (opened) and `failed` of connections. */
export function connectionsScope(grain: Grain): string {
  return `connections|${grain}`;
}

/** Scope of the count `slow`: calls that failed or took longer than the threshold. Kept instead of the fast ones, because they are few. */
export function slowScope(view: View, grain: Grain, rule: string, thresholdMs: number): string {
  return ["slow", view, grain, rule, thresholdMs].join("|");
}

/** The suffix of a caller in keys of grains with it. */
export function callerSuffix(caller: { readonly namespace: string; readonly name: string }): string {
  return `\u0000<${serviceKey({ cluster: "", namespace: caller.namespace, name: caller.name })}`;
}

/** The suffix of a version in keys of grains with it. */
export function versionSuffix(version: string): string {
  return `\u0000@${version}`;
}

/** The suffix of a route in keys of grains with it. */
export function routeSuffix(route: string): string {
  return `\u0000/${route}`;
}

/** The suffix of a host outside the mesh. */
export function hostSuffix(host: string): string {
  return `\u0000>${host}`;
}

function grainOf(scope: ObjectiveScope): Grain {
  return grainNamed(order.filter((part) => scope[part] !== null));
}

function suffixOf({ version, route, caller, host }: ObjectiveScope): string {
  const parts = [
    version === null ? "" : versionSuffix(version),
    route === null ? "" : routeSuffix(route),
    caller === null ? "" : callerSuffix(caller),
    host === null ? "" : hostSuffix(host),
  ];
  return parts.join("");
}

/** "" for the contract's own rule; equal rules have equal ids. */
function ruleId({ add, remove, callerGaveUp }: FailedRule): string {
  const texts = (statuses: FailedRule["add"]) => statuses.map((status) => JSON.stringify(status)).sort();
  const [added, removed] = [texts(add), texts(remove)];
  if (added.length === 0 && removed.length === 0 && callerGaveUp) return "";
  return JSON.stringify([added, removed, callerGaveUp]);
}
