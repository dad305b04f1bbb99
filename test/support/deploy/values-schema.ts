/** The chart's values.schema.json: what the chart knows by itself, and under `config` the schema of the configuration. Compared as golden. */
import { z } from "zod";
import { configSchema } from "../../../src/config/config-schema.js";

type Schema = { readonly [key: string]: unknown };

/** A value that the pod's environment brings; it is checked at start. */
const variable: Schema = { type: "string", pattern: "\\$\\{" };

/** The file's text. */
export function valuesSchema(): string {
  return `${JSON.stringify(schema(), null, 1)}\n`;
}

function schema(): Schema {
  const config = withVariables(
    z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any", target: "draft-7" }),
  );
  const { $schema: _, ...section } = config as Schema;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Values of the Meshlens chart",
    ...closed({
      image: closed({
        repository: name,
        tag: text,
        digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
        pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
      }),
      imagePullSecrets: { type: "array", items: closed({ name }) },
      replicas: { type: "integer", minimum: 0, maximum: 20 },
      config: section,
      objectives: { type: "object", propertyNames: { pattern: "^[\\w.-]+\\.ya?ml$" }, additionalProperties: text },
      secretEnv: {
        type: "array",
        items: { ...closed({ name: variableName, secret: name, key: name }), required: ["name", "secret", "key"] },
      },
      env: { type: "array", items: { type: "object", required: ["name"] } },
      store: closed({
        kind: { enum: ["sqlite", "postgres"] },
        sqlite: closed({ persistent: flag, existingClaim: text, storageClassName: text, size: quantity }),
        postgres: closed({ secret: name, key: name }),
      }),
      serviceAccount: closed({ create: flag, name: text, annotations: texts }),
      rbac: closed({ create: flag }),
      service: closed({ type: { enum: ["ClusterIP", "NodePort", "LoadBalancer"] }, port, annotations: texts }),
      ingress: closed({ enabled: flag, className: text, host: name, tlsSecret: text, annotations: texts }),
      resources: { type: "object" },
      autoscaling: closed({ enabled: flag, minReplicas: count, maxReplicas: count, targetCpuPercent: count }),
      networkPolicy: closed({
        enabled: flag,
        from: { type: "array", items: { type: "object" } },
        extraEgressPorts: { type: "array", items: port },
      }),
      metricsToken: closed({ secret: name, key: name }),
      serviceMonitor: closed({
        enabled: flag,
        interval: { type: "string", pattern: "^\\d+(s|m)$" },
        labels: texts,
        tlsConfig: { type: "object" },
      }),
      prometheusRule: closed({ enabled: flag, labels: texts }),
      podAnnotations: texts,
      podLabels: texts,
      nodeSelector: texts,
      tolerations: { type: "array", items: { type: "object" } },
      affinity: { type: "object" },
      extraVolumes: { type: "array", items: { type: "object" } },
      extraVolumeMounts: { type: "array", items: { type: "object" } },
      global: { type: "object" },
    }),
  };
}

const text: Schema = { type: "string" };
const name: Schema = { type: "string", minLength: 1 };
const variableName: Schema = { type: "string", pattern: "^[A-Za-z_]\\w*$" };
const flag: Schema = { type: "boolean" };
const count: Schema = { type: "integer", minimum: 1 };
const port: Schema = { type: "integer", minimum: 1, maximum: 65_535 };
const quantity: Schema = { type: "string", pattern: "^\\d+(\\.\\d+)?[KMGTP]i?$" };
const texts: Schema = { type: "object", additionalProperties: { type: "string" } };

/** An object without other keys. */
function closed(properties: Schema): Schema {
  return { type: "object", additionalProperties: false, properties };
}

/** What is no text may also be a variable. The port is the pod's: it must be known. */
function withVariables(node: unknown, path = ""): unknown {
  if (Array.isArray(node)) return node.map((one) => withVariables(one, path));
  if (typeof node !== "object" || node === null) return node;
  // Patterns are for JavaScript, and Helm reads those of Go.
  const { default: _, unit: _unit, pattern: _pattern, ...kept } = node as Schema;
  const inner = Object.fromEntries(
    Object.entries(kept).map(([key, value]) => [
      key,
      key === "properties"
        ? mapValues(value as Schema, (one, below) => withVariables(one, `${path}.${below}`))
        : withVariables(value, path),
    ]),
  );
  const { description, ...rest } = inner;
  const isPlain =
    ["integer", "number", "boolean"].includes(String(inner["type"])) ||
    "enum" in inner ||
    "pattern" in inner ||
    "format" in inner;
  if (!isPlain || path === ".server.port") return inner;
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, variable] };
}

function mapValues(object: Schema, change: (value: unknown, key: string) => unknown): Schema {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
