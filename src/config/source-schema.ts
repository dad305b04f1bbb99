/** The `sources:` section: where the backends are and how to talk to them. Part of configSchema. */
import { z } from "zod";
import { baseUrl, duration, filePath, key, plainText, secretText, webUrl } from "./key-types.js";

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, "is not an HTTP header name");

/** Credentials of whatever is reached by URL. */
export const authSchema = z
  .strictObject({
    basic: key(
      z
        .strictObject({
          username: key(plainText, { description: "User name." }),
          password: key(secretText.optional(), { description: "Password; or `passwordFile`.", secret: true }),
          passwordFile: key(filePath.optional(), { description: "File that holds the password." }),
        })
        .optional(),
      { description: "HTTP basic authentication." },
    ),
    bearer: key(
      z
        .strictObject({
          token: key(secretText.optional(), { description: "Bearer token; or `tokenFile`.", secret: true }),
          tokenFile: key(filePath.optional(), { description: "File that holds the token; read at start." }),
        })
        .optional(),
      { description: "Bearer token." },
    ),
    apiKey: key(
      z
        .strictObject({
          key: key(secretText.optional(), { description: "Encoded API key; or `keyFile`.", secret: true }),
          keyFile: key(filePath.optional(), { description: "File that holds the key; read at start." }),
        })
        .optional(),
      { description: "Elasticsearch API key, sent as `Authorization: ApiKey ...`." },
    ),
  })
  .optional();

/** Certificates of whatever is reached by URL. */
export const tlsSchema = z
  .strictObject({
    caFile: key(filePath.optional(), { description: "PEM file of the authorities to trust instead of the system's." }),
    certFile: key(filePath.optional(), { description: "PEM file of the client certificate; needs `keyFile`." }),
    keyFile: key(filePath.optional(), { description: "PEM file of the client key; needs `certFile`." }),
    serverName: key(plainText.optional(), { description: "Name the server's certificate must carry." }),
    insecureSkipVerify: key(z.boolean().default(false), {
      description: "Accept any certificate. For a try-out only: whoever is in between can read and change answers.",
    }),
  })
  .optional();

const identity = {
  name: key(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be 1 to 63 letters, digits, '.', '_', '-'"), {
    description: "Name of the source in answers, errors and metrics; unique.",
  }),
  cluster: key(plainText.optional(), {
    description: "Cluster of this source's telemetry where its records do not say; else `default`.",
  }),
  shard: key(z.boolean().default(false), {
    description:
      "Sources of one kind and cluster are replicas (the first healthy one answers) unless each is a shard: then all are asked and joined.",
  }),
};

/** Keys of whatever is reached by URL. */
export const connectionKeys = {
  url: key(baseUrl, { description: "Base URL of the backend; a path in it is kept." }),
  linkUrl: key(webUrl.optional(), { description: "URL people open in a browser, for links; default `url`." }),
  headers: key(z.record(headerName, secretText).default({}), {
    description: "Headers of every request, such as `X-Scope-OrgID`.",
    secret: true,
  }),
  auth: key(authSchema, { description: "Credentials: exactly one of `basic`, `bearer`, `apiKey`." }),
  tls: key(tlsSchema, { description: "Certificates for https." }),
  timeoutMs: key(z.int().min(100).max(120_000).default(8000), {
    description: "The longest one call may take.",
    unit: "ms",
  }),
  maxResponseBytes: key(
    z
      .int()
      .min(65_536)
      .max(2 ** 30)
      .default(67_108_864),
    {
      description: "Size of an answer after decompression at which reading stops.",
      unit: "bytes",
    },
  ),
  maxConcurrent: key(z.int().min(1).max(256).default(16), {
    description: "Calls under way at once; more wait. Evaluations go first and have two more.",
    unit: "calls",
  }),
};

const prometheus = z.strictObject({
  kind: key(z.literal("prometheus"), { description: "Prometheus, Thanos, Mimir or VictoriaMetrics." }),
  ...identity,
  ...connectionKeys,
  scrapeInterval: key(duration.default("15s"), {
    description: "How often the mesh's metrics are scraped: the least step of a series.",
    unit: "duration",
  }),
});

const jaeger = z.strictObject({
  kind: key(z.literal("jaeger"), { description: "Jaeger query service." }),
  ...identity,
  ...connectionKeys,
});

const zipkin = z.strictObject({
  kind: key(z.literal("zipkin"), { description: "Zipkin (API v2)." }),
  ...identity,
  ...connectionKeys,
});

const fieldName = z.string().regex(/^[A-Za-z0-9@_][A-Za-z0-9@_.\-/]{0,254}$/, "is not a field name");
const field = (what: string) => key(fieldName.optional(), { description: `Field of ${what}.` });

const elasticsearch = z.strictObject({
  kind: key(z.literal("elasticsearch"), { description: "Elasticsearch 8 or 9." }),
  ...identity,
  ...connectionKeys,
  index: key(
    z
      .string()
      .regex(/^[^\s\\/?"<>|#]{1,1024}$/, "is not an index pattern")
      .default("logstash-*"),
    { description: "Indices, data streams or patterns that hold the logs, separated by commas." },
  ),
  fields: key(
    z
      .strictObject({
        timestamp: field("the instant"),
        message: field("the line"),
        level: field("the level"),
        namespace: field("the namespace"),
        pod: field("the pod"),
        container: field("the container"),
        service: key(z.array(fieldName).max(20).optional(), {
          description: "Fields of the service's name, best first.",
        }),
        traceId: field("the trace id"),
        spanId: field("the span id"),
        requestId: field("the `x-request-id`"),
      })
      .prefault({}),
    { description: "Names of fields where Meshlens does not find them by itself." },
  ),
});

const kubernetes = z.strictObject({
  kind: key(z.literal("kubernetes"), { description: "The Kubernetes API; in-cluster unless `kubeconfig` is given." }),
  ...identity,
  kubeconfig: key(filePath.optional(), {
    description: "Path of a kubeconfig file: token, token file or client certificate; programs (`exec`) are not run.",
  }),
  context: key(plainText.optional(), { description: "Context of the kubeconfig; default its current one." }),
  namespaces: key(
    z
      .array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not the name of a namespace"))
      .min(1)
      .max(20)
      .optional(),
    { description: "Namespaces to read where the rights are for some only; default all." },
  ),
  objectives: key(z.boolean().default(false), {
    description:
      "Read objectives from objects of the cluster too: Sloth's PrometheusServiceLevel, Pyrra's ServiceLevelObjective, OpenSLO's kinds of `openslo.com`.",
  }),
  timeoutMs: connectionKeys.timeoutMs,
});

/** One backend. The discriminator is `kind`; anything not listed for a kind is an error. */
export const sourceSchema = z.discriminatedUnion("kind", [prometheus, jaeger, zipkin, elasticsearch, kubernetes]);

/** One source as written, defaults filled in, secrets and files not yet read. */
export type SourceSettings = z.output<typeof sourceSchema>;
