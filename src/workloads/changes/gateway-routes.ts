/** Routes of a Gateway API HTTPRoute or GRPCRoute, and of Linkerd's HTTPRoute. Called by http-route.ts. */
import { type KubeObject, specOf } from "../kube-object.js";
import { listAt, numberAt, textAt, valueAt } from "../read-json.js";
import { isHiddenName } from "./leaves.js";
import type { Route, RouteTarget } from "./route.js";
import { stableText } from "./told.js";
import { durationText } from "./values.js";

/** Rules in order. */
export function gatewayRoutes(object: KubeObject | null): readonly Route[] {
  const namespace = object?.namespace ?? null;
  return listAt(specOf(object), "rules").map((rule) => ({
    match: listAt(rule, "matches")
      .map(matchText)
      .filter((text) => text !== "")
      .join(" or "),
    targets: listAt(rule, "backendRefs").map((backend) => targetOf(backend, namespace)),
    settings: settingsOf(rule, namespace),
    opaque: { filters: filtersText(rule) },
  }));
}

/** The backend is a Service of its own (`reviews-v2`), so nothing is part of it. */
function targetOf(backend: unknown, namespace: string | null): RouteTarget {
  return { host: backendName(backend, namespace), part: null, weight: numberAt(backend, "weight") };
}

function backendName(backend: unknown, namespace: string | null): string {
  const name = textAt(backend, "name") ?? "?";
  const own = textAt(backend, "namespace");
  return own === null || own === namespace ? name : `${name}.${own}`;
}

function settingsOf(rule: unknown, namespace: string | null): Route["settings"] {
  const filters = listAt(rule, "filters");
  const mirrors = filters.flatMap((filter) => {
    const backend = valueAt(filter, "requestMirror", "backendRef");
    if (backend === undefined) return [];
    return [`to ${backendName(backend, namespace)} ${numberAt(filter, "requestMirror", "percent") ?? 100} %`];
  });
  const attempts = numberAt(rule, "retry", "attempts");
  return {
    timeout: durationText(valueAt(rule, "timeouts", "request")),
    "timeout per try": durationText(valueAt(rule, "timeouts", "backendRequest")),
    retries: attempts === null ? null : `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`,
    mirror: mirrors.length === 0 ? null : mirrors.join(", "),
  };
}

function filtersText(rule: unknown): string | null {
  const others = listAt(rule, "filters").filter((filter) => textAt(filter, "type") !== "RequestMirror");
  return others.length === 0 ? null : stableText(others);
}

/** `end-user=jason and path /api*`; a prefix of `/` matches everything and is not said. */
function matchText(match: unknown): string {
  const path = textAt(match, "path", "value");
  const pathType = textAt(match, "path", "type") ?? "PathPrefix";
  const method = valueAt(match, "method");
  const words = [
    ...[...listAt(match, "headers"), ...listAt(match, "queryParams")].map(namedText),
    ...(path === null || (path === "/" && pathType === "PathPrefix") ? [] : [`path ${pathText(path, pathType)}`]),
    ...(method === undefined ? [] : [`method ${methodText(method)}`]),
  ];
  return words.join(" and ");
}

function namedText(condition: unknown): string {
  const name = textAt(condition, "name") ?? "?";
  return `${name}=${isHiddenName(name) ? "…" : (textAt(condition, "value") ?? "?")}`;
}

function pathText(path: string, type: string): string {
  if (type === "PathPrefix") return `${path}*`;
  return type === "RegularExpression" ? `~${path}` : path;
}

/** A word in HTTPRoute, service and method in GRPCRoute. */
function methodText(method: unknown): string {
  if (typeof method === "string") return method;
  return [textAt(method, "service"), textAt(method, "method")].filter((word) => word !== null).join("/");
}
