/** Tells two lists of routes apart. A rule for some requests is compared with what those requests met before. */
import type { Route, RouteTarget } from "./route.js";
import { changed } from "./told.js";

/** One sentence per difference; a list that did not exist is []. */
export function routeChanges(before: readonly Route[], after: readonly Route[]): readonly string[] {
  const was = byMatch(before);
  const is = byMatch(after);
  const [wasForAll, isForAll] = [was.get("") ?? null, is.get("") ?? null];
  const sentences = [...is].flatMap(([match, route]) => {
    const known = was.get(match);
    if (known !== undefined) return tellRoute(known, route, match);
    // What changed for all requests alike is told there.
    const told = tellRoute(unlessShared(route, isForAll, wasForAll, match), route, match);
    return told.length === 0 ? [`route added${scopeOf(match)}: ${targetsText(route.targets)}`] : told;
  });
  const gone = [...was].flatMap(([match, route]) => {
    if (is.has(match)) return [];
    const told = tellRoute(route, unlessShared(route, wasForAll, isForAll, match), match);
    return told.length === 0 ? [`route removed${scopeOf(match)}`] : told;
  });
  const isReordered =
    was.size === is.size && gone.length === 0 && [...is.keys()].join("\n") !== [...was.keys()].join("\n");
  return [...sentences, ...gone, ...(isReordered ? ["order of routes changed"] : [])];
}

/** Rules of the same match are told apart by their number. */
function byMatch(routes: readonly Route[]): ReadonlyMap<string, Route> {
  const map = new Map<string, Route>();
  for (const route of routes) {
    let match = route.match;
    for (let nth = 2; map.has(match); nth += 1) match = `${route.match || "all"} (rule ${nth})`;
    map.set(match, { ...route, match });
  }
  return map;
}

/** The rule for all requests at the other time, with the rule's own values wherever it is no different from the one for all at its time. */
function unlessShared(route: Route, forAll: Route | null, otherForAll: Route | null, match: string): Route | null {
  if (forAll === null || match === "") return otherForAll;
  const merged = (part: "settings" | "opaque") => {
    const names = new Set([...Object.keys(route[part]), ...Object.keys(otherForAll?.[part] ?? {})]);
    const values = [...names].map((name) => {
      const own = route[part][name] ?? null;
      return [name, own === (forAll[part][name] ?? null) ? own : (otherForAll?.[part][name] ?? null)] as const;
    });
    return Object.fromEntries(values);
  };
  const isLike = targetsText(route.targets) === targetsText(forAll.targets);
  const targets = isLike ? route.targets : (otherForAll?.targets ?? []);
  return { match, targets, settings: merged("settings"), opaque: merged("opaque") };
}

function tellRoute(before: Route | null, after: Route | null, match: string): readonly string[] {
  const scope = scopeOf(match);
  const names = [...new Set([...Object.keys(after?.settings ?? {}), ...Object.keys(before?.settings ?? {})])];
  const settings = names.flatMap((name) => {
    const label = name === "fault" || name === "retries" ? `${name}:` : name;
    const told = changed(label, before?.settings[name] ?? null, after?.settings[name] ?? null, scope);
    return told?.replace(": removed", " removed") ?? [];
  });
  const opaque = Object.keys(after?.opaque ?? before?.opaque ?? {}).flatMap((name) =>
    (before?.opaque[name] ?? null) === (after?.opaque[name] ?? null) ? [] : [`${name} changed${scope}`],
  );
  return [...settings, ...opaque, ...targetsChanged(before?.targets ?? [], after?.targets ?? [], scope)];
}

function targetsChanged(
  before: readonly RouteTarget[],
  after: readonly RouteTarget[],
  scope: string,
): readonly string[] {
  if (targetsText(before) === targetsText(after)) return [];
  if (after.length === 0) return [`no target any more${scope} (was ${targetsText(before)})`];
  const hosts = new Set([...before, ...after].map(({ host }) => host));
  const [host] = hosts;
  const isOneHost = hosts.size === 1 && [...before, ...after].some(({ part }) => part !== null);
  const text = (targets: readonly RouteTarget[]) => (isOneHost ? partsText(targets) : targetsText(targets));
  const was = before.length === 0 ? "" : ` (was ${text(before)})`;
  return [`${isOneHost ? host : "traffic to"}${isOneHost ? ":" : ""} ${text(after)}${scope}${was}`];
}

function partsText(targets: readonly RouteTarget[]): string {
  return targets.map((target) => `${target.part ?? "any version"} ${shareText(target, targets)}`).join(", ");
}

function targetsText(targets: readonly RouteTarget[]): string {
  return targets
    .map((target) => [target.host, target.part, shareText(target, targets)].filter((word) => word !== null).join(" "))
    .join(", ");
}

/** Weights need not add up to 100: Gateway API's are shares of their sum. */
function shareText({ weight }: RouteTarget, targets: readonly RouteTarget[]): string {
  const all = targets.reduce((sum, target) => sum + (target.weight ?? 1), 0);
  const share = targets.length === 1 && weight === null ? 1 : all === 0 ? 0 : (weight ?? 1) / all;
  return `${Math.round(share * 1_000) / 10} %`;
}

function scopeOf(match: string): string {
  return match === "" ? "" : ` for ${match}`;
}
