/** The Prometheus operator's two kinds with the fields we write, strict: a field that is not here is refused by the API server. */
import type { Json } from "../../support/kube-objects.js";

const text = { type: "string" };
const flag = { type: "boolean" };
const texts = { type: "object", additionalProperties: text };
const list = (items: Json) => ({ type: "array", items });
const object = (properties: Json, ...required: readonly string[]) => ({
  type: "object",
  properties,
  ...(required.length === 0 ? {} : { required }),
});

/** As they are applied; after github.com/prometheus-operator/prometheus-operator, monitoring/v1. */
export function operatorCrds(): readonly Json[] {
  const selector = object({ matchLabels: texts });
  const secretKey = object({ name: text, key: text, optional: flag }, "key");
  const endpoint = object({
    port: text,
    path: text,
    interval: { type: "string", pattern: "^(\\d+(ms|s|m|h))+$" },
    honorLabels: flag,
    scheme: text,
    tlsConfig: object({ ca: object({ secret: secretKey }), serverName: text }),
    authorization: object({ type: text, credentials: secretKey }),
  });
  const rule = object({ alert: text, record: text, expr: text, for: text, labels: texts, annotations: texts }, "expr");
  const group = object({ name: text, interval: text, rules: list(rule) }, "name");
  return [
    crd("ServiceMonitor", object({ selector, endpoints: list(endpoint) }, "selector", "endpoints")),
    crd("PrometheusRule", object({ groups: list(group) })),
  ];
}

function crd(kind: string, spec: Json): Json {
  const plural = `${kind.toLowerCase()}s`;
  const openAPIV3Schema = object({ apiVersion: text, kind: text, metadata: { type: "object" }, spec }, "spec");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: "monitoring.coreos.com",
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
