/** Tellers of who may talk to whom: AuthorizationPolicy, PeerAuthentication, Sidecar, ServiceEntry. Called by describe-change.ts. */
import { type KubeObject, specOf } from "../kube-object.js";
import { fieldsAt, isFields, listAt, numberAt, textAt, textsAt, valueAt } from "../read-json.js";
import { isHiddenName, leafChanges } from "./leaves.js";
import { changed, listChanged, type TellChange, told } from "./told.js";
import { selectorText } from "./values.js";

/** Istio: the action once, then each rule as a sentence of its own. */
export const tellAuthorizationPolicy: TellChange = (before, after) => {
  const is = rulesOf(after);
  if (before === null) return is;
  const was = rulesOf(before);
  return [
    ...told(changed("action", actionOf(before), actionOf(after))),
    ...is.filter((rule) => !was.includes(rule)).map((rule) => `now ${rule}`),
    ...was.filter((rule) => !is.includes(rule)).map((rule) => `no longer ${rule}`),
    ...told(changed("for", selectorOrAll(before), selectorOrAll(after))),
  ];
};

function actionOf(object: KubeObject): string {
  return textAt(specOf(object), "action") ?? "ALLOW";
}

function selectorOrAll(object: KubeObject): string {
  return selectorText(specOf(object), "selector", "matchLabels") ?? "all workloads";
}

const verbs: Readonly<Record<string, string>> = {
  ALLOW: "allows",
  DENY: "denies",
  AUDIT: "audits",
  CUSTOM: "asks an authorizer about",
};

/** Rules as sentences. An ALLOW policy without rules lets nothing through; any other without rules does nothing. */
function rulesOf(object: KubeObject): readonly string[] {
  const action = actionOf(object);
  const verb = verbs[action] ?? action;
  const rules = listAt(specOf(object), "rules");
  if (rules.length === 0) return [action === "ALLOW" ? "allows nothing, so denies everything" : `${verb} nothing`];
  return rules.map((rule) => {
    const words = [...sourcesText(rule), ...operationsText(rule), ...conditionsText(rule)];
    return `${verb} ${words.length === 0 ? "everything" : words.join(", ")}`;
  });
}

function sourcesText(rule: unknown): readonly string[] {
  const sources = listAt(rule, "from").map((from) => wordsOf(fieldsAt(from, "source"), shortPrincipal));
  return sources.length === 0 ? [] : [`calls from ${sources.join(" or ")}`];
}

function operationsText(rule: unknown): readonly string[] {
  const operations = listAt(rule, "to").map((to) => wordsOf(fieldsAt(to, "operation"), (value) => value));
  return operations.length === 0 ? [] : [`to ${operations.join(" or ")}`];
}

function conditionsText(rule: unknown): readonly string[] {
  return listAt(rule, "when").map((when) => {
    const key = textAt(when, "key") ?? "?";
    const values = textsAt(when, "values");
    const sign = values.length > 0 ? "=" : " not ";
    const shown = isHiddenName(key) ? "…" : [...values, ...textsAt(when, "notValues")].join("|");
    return `when ${key}${sign}${shown}`;
  });
}

function wordsOf(fields: Readonly<Record<string, unknown>>, short: (value: string) => string): string {
  const parts = Object.entries(fields).map(([key]) => {
    const values = textsAt(fields, key).map(short).join("|");
    const name = key.replace(/^not/, "not ").toLowerCase();
    return key === "principals" || key === "namespaces" ? `${name.replace(/s$/, "")} ${values}` : `${name} ${values}`;
  });
  return parts.length === 0 ? "anyone" : parts.join(" and ");
}

/** `cluster.local/ns/bookinfo/sa/reviews` as `bookinfo/reviews`. */
function shortPrincipal(principal: string): string {
  return /^[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal)?.slice(1).join("/") ?? principal;
}

/** mTLS, whole and by port. */
export const tellPeerAuthentication: TellChange = (before, after) => {
  const mode = (object: typeof before) => textAt(specOf(object), "mtls", "mode");
  const ports = (object: typeof before) => fieldsAt(specOf(object), "portLevelMtls");
  const names = [...new Set([...Object.keys(ports(before)), ...Object.keys(ports(after))])];
  const portMode = (object: typeof before, port: string) => textAt(ports(object), port, "mode");
  return told(
    changed("mTLS", mode(before), mode(after)),
    ...names.map((port) => changed(`mTLS of port ${port}`, portMode(before, port), portMode(after, port))),
  );
};

/** What a proxy knows and lets out. */
export const tellSidecar: TellChange = (before, after) => {
  const hosts = (object: typeof before) => listAt(specOf(object), "egress").flatMap((one) => textsAt(one, "hosts"));
  const mode = (object: typeof before) => textAt(specOf(object), "outboundTrafficPolicy", "mode");
  const ingress = (object: typeof before) => valueAt(specOf(object), "ingress");
  return [
    ...told(
      changed("outbound traffic", mode(before), mode(after)),
      listChanged("known hosts", hosts(before), hosts(after)),
    ),
    ...leafChanges("ingress", ingress(before), ingress(after)),
  ];
};

/** A host outside the mesh: the whole entry as one sentence when it came or went. */
export const tellServiceEntry: TellChange = (before, after) => {
  const hosts = (object: typeof before) => textsAt(specOf(object), "hosts");
  const ports = (object: typeof before) => listAt(specOf(object), "ports").map(portText);
  const endpoints = (object: typeof before) =>
    listAt(specOf(object), "endpoints").map((one) => textAt(one, "address") ?? "?");
  const word = (object: typeof before, key: string) => textAt(specOf(object), key);
  if (before === null) {
    const resolution = word(after, "resolution");
    const facts = [...hosts(after), ...ports(after), ...(resolution === null ? [] : [`resolution ${resolution}`])];
    return facts.length === 0 ? [] : [facts.join(", ")];
  }
  return told(
    listChanged("hosts", hosts(before), hosts(after)),
    listChanged("ports", ports(before), ports(after)),
    changed("resolution", word(before, "resolution"), word(after, "resolution")),
    changed("location", word(before, "location"), word(after, "location")),
    listChanged("endpoints", endpoints(before), endpoints(after)),
    listChanged("exported to", textsAt(specOf(before), "exportTo"), textsAt(specOf(after), "exportTo")),
  );
};

function portText(port: unknown): string {
  const number = numberAt(port, "number");
  const protocol = textAt(port, "protocol");
  return isFields(port) ? [number ?? "?", protocol].filter((word) => word !== null).join("/") : "?";
}
