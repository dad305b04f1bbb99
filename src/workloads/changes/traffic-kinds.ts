/** Tellers of how traffic is routed: VirtualService, DestinationRule, HTTPRoute. Called by describe-change.ts. */
import { shortHost } from "../hosts.js";
import { specOf } from "../kube-object.js";
import { type Fields, fieldsAt, isFields, listAt, textAt, textsAt, valueAt } from "../read-json.js";
import { gatewayRoutes } from "./gateway-routes.js";
import { istioRoutes } from "./istio-routes.js";
import { leafChanges } from "./leaves.js";
import { routeChanges } from "./route-changes.js";
import { changed, listChanged, type TellChange, told } from "./told.js";
import { labelsText } from "./values.js";

/** Istio's routes by protocol, hosts and gateways. */
export const tellVirtualService: TellChange = (before, after) => {
  const routes = (protocol: "http" | "tcp" | "tls") =>
    routeChanges(istioRoutes(before, protocol), istioRoutes(after, protocol));
  const lists = before === null ? [] : ["hosts", "gateways", "exportTo"];
  return [
    ...routes("http"),
    ...routes("tcp").map((text) => `tcp: ${text}`),
    ...routes("tls").map((text) => `tls: ${text}`),
    ...told(...lists.map((key) => listChanged(key, textsAt(specOf(before), key), textsAt(specOf(after), key)))),
  ];
};

/** Gateway API and Linkerd. */
export const tellHttpRoute: TellChange = (before, after) => {
  const parents = (object: typeof before) =>
    listAt(specOf(object), "parentRefs").map((one) => textAt(one, "name") ?? "?");
  const isChanged = before !== null;
  return [
    ...routeChanges(gatewayRoutes(before), gatewayRoutes(after)),
    ...told(
      isChanged
        ? listChanged("hostnames", textsAt(specOf(before), "hostnames"), textsAt(specOf(after), "hostnames"))
        : null,
      isChanged ? listChanged("attached to", parents(before), parents(after)) : null,
    ),
  ];
};

/** Subsets by their labels, policies field by field. */
export const tellDestinationRule: TellChange = (before, after) => {
  const host = (object: typeof before) => {
    const written = textAt(specOf(object), "host");
    return written === null ? null : shortHost(written, object?.namespace ?? null);
  };
  const [was, is] = [subsetsOf(specOf(before)), subsetsOf(specOf(after))];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const isChanged = before !== null;
  return [
    ...told(isChanged ? changed("host", host(before), host(after)) : null),
    ...leafChanges("", policyOf(specOf(before)), policyOf(specOf(after))),
    ...names.flatMap((name) => {
      const [old, now] = [was.get(name), is.get(name)];
      return [
        ...told(subsetChanged(name, subsetLabels(old), subsetLabels(now))),
        ...leafChanges(`subset ${name}`, policyOf(old ?? {}), policyOf(now ?? {})),
      ];
    }),
  ];
};

function subsetsOf(spec: Fields): ReadonlyMap<string, Fields> {
  const subsets = listAt(spec, "subsets").filter(isFields);
  return new Map(subsets.map((subset) => [textAt(subset, "name") ?? "?", subset]));
}

function subsetChanged(name: string, before: string | null, after: string | null): string | null {
  if (before === null) return `subset ${name} added (${after})`;
  return changed(`subset ${name}`, before, after);
}

function subsetLabels(subset: Fields | undefined): string | null {
  return subset === undefined ? null : labelsText(fieldsAt(subset, "labels")) || "(no labels)";
}

function policyOf(holder: Fields): unknown {
  return valueAt(holder, "trafficPolicy");
}
