/** Routes of an Istio VirtualService. Called by virtual-service.ts. */
import { shortHost } from "../hosts.js";
import { type KubeObject, specOf } from "../kube-object.js";
import { fieldsAt, isFields, listAt, numberAt, textAt, valueAt } from "../read-json.js";
import { isHiddenName } from "./leaves.js";
import type { Route, RouteTarget } from "./route.js";
import { stableText } from "./told.js";
import { durationText, labelsText, stringMatchText } from "./values.js";

/** Routes of one protocol, in order. */
export function istioRoutes(object: KubeObject | null, protocol: "http" | "tcp" | "tls"): readonly Route[] {
  const namespace = object?.namespace ?? null;
  return listAt(specOf(object), protocol).map((rule) => ({
    match: listAt(rule, "match").map(matchText).join(" or "),
    targets: listAt(rule, "route").map((route) => targetOf(route, namespace)),
    settings: protocol === "http" ? httpSettings(rule, namespace) : {},
    opaque: Object.fromEntries(opaqueSettings.map(([key, name]) => [name, otherText(rule, key)])),
  }));
}

const opaqueSettings = [
  ["headers", "headers"],
  ["corsPolicy", "CORS policy"],
  ["directResponse", "direct response"],
] as const;

function targetOf(route: unknown, namespace: string | null): RouteTarget {
  const port = numberAt(route, "destination", "port", "number");
  return {
    host: shortHost(textAt(route, "destination", "host") ?? "?", namespace),
    part: textAt(route, "destination", "subset") ?? (port === null ? null : `port ${port}`),
    weight: numberAt(route, "weight"),
  };
}

function httpSettings(rule: unknown, namespace: string | null): Route["settings"] {
  return {
    fault: faultText(valueAt(rule, "fault")),
    timeout: durationText(valueAt(rule, "timeout")),
    retries: retriesText(valueAt(rule, "retries")),
    mirror: mirrorText(rule, namespace),
    redirect: otherText(rule, "redirect"),
    rewrite: otherText(rule, "rewrite"),
    delegate: otherText(rule, "delegate"),
  };
}

/** Without a percentage Istio injects nothing; `percent` is the spelling of old versions. */
function faultText(fault: unknown): string | null {
  const share = (part: unknown) => `${numberAt(part, "percentage", "value") ?? numberAt(part, "percent") ?? 0} %`;
  const delay = valueAt(fault, "delay");
  const abort = valueAt(fault, "abort");
  const status = numberAt(abort, "httpStatus");
  const parts = [
    isFields(delay) ? `${durationText(valueAt(delay, "fixedDelay")) ?? "a"} delay on ${share(delay)}` : null,
    isFields(abort)
      ? `${status === null ? `gRPC ${textAt(abort, "grpcStatus") ?? "error"}` : `HTTP ${status}`} on ${share(abort)}`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(" and ");
}

function retriesText(retries: unknown): string | null {
  if (!isFields(retries)) return null;
  const attempts = numberAt(retries, "attempts");
  if (attempts === 0) return "off";
  const perTry = durationText(valueAt(retries, "perTryTimeout"));
  const retryOn = textAt(retries, "retryOn");
  return [
    attempts === null ? "default attempts" : `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`,
    ...(perTry === null ? [] : [`${perTry} each`]),
    ...(retryOn === null ? [] : [`on ${retryOn.split(",").join(", ")}`]),
  ].join(", ");
}

/** `mirror` is one, `mirrors` the newer list; without a percentage all is mirrored. */
function mirrorText(rule: unknown, namespace: string | null): string | null {
  const one = valueAt(rule, "mirror");
  const share = numberAt(rule, "mirrorPercentage", "value") ?? numberAt(rule, "mirror_percent") ?? 100;
  const mirrors = [
    ...(isFields(one) ? [{ to: one, share }] : []),
    ...listAt(rule, "mirrors").map((mirror) => ({
      to: fieldsAt(mirror, "destination"),
      share: numberAt(mirror, "percentage", "value") ?? 100,
    })),
  ].map(({ to, share: percent }) => {
    const host = shortHost(textAt(to, "host") ?? "?", namespace);
    return [`to ${host}`, textAt(to, "subset"), `${percent} %`].filter((word) => word !== null).join(" ");
  });
  return mirrors.length === 0 ? null : mirrors.join(", ");
}

function otherText(rule: unknown, key: string): string | null {
  const value = valueAt(rule, key);
  return value === undefined || value === null ? null : stableText(value);
}

/** `end-user=jason and path /api*`; conditions of one match hold together. */
function matchText(match: unknown): string {
  const words = Object.entries(isFields(match) ? match : {}).flatMap(([key, value]): readonly string[] => {
    if (key === "name") return [];
    if (key === "headers" || key === "queryParams") return named(value, "=");
    if (key === "withoutHeaders") return named(value, " not ");
    if (key === "uri") return [`path ${stringMatchText(value)}`];
    if (key === "sourceLabels") return [`callers ${labelsText(isFields(value) ? value : {})}`];
    if (key === "sourceNamespace") return [`callers in ${String(value)}`];
    if (key === "sniHosts") return [`SNI ${listAt(match, key).join(", ")}`];
    if (key === "gateways") return [`via ${listAt(match, key).join(", ")}`];
    return [`${key} ${isFields(value) ? stringMatchText(value) : stableText(value).replaceAll('"', "")}`];
  });
  return words.join(" and ");
}

function named(value: unknown, sign: string): readonly string[] {
  return Object.entries(isFields(value) ? value : {}).map(
    ([name, match]) => `${name}${sign}${isHiddenName(name) ? "…" : stringMatchText(match)}`,
  );
}
