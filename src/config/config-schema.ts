/**
 * The one definition of the configuration: shape, default, unit and description per key. Types, validation and
 * docs/reference/configuration.md all come from it. Unknown keys are errors everywhere.
 */
import { z } from "zod";
import { alertmanagerSchema } from "./alertmanager-schema.js";
import { authSchema } from "./auth-schema.js";
import { baseUrl, duration, filePath, key, objectiveTarget, origin, plainText, webUrl } from "./key-types.js";
import { slackSchema } from "./slack-schema.js";
import { sourceSchema } from "./source-schema.js";
import { storeSchema } from "./store-schema.js";

const limits = z
  .strictObject({
    depth: key(z.int().min(1).max(100).default(15), {
      description: "Levels of nesting in one operation.",
      unit: "levels",
    }),
    aliases: key(z.int().min(0).max(10_000).default(100), {
      description: "Aliased fields in one operation.",
      unit: "fields",
    }),
    rootFields: key(z.int().min(1).max(1000).default(20), {
      description: "Fields of the root in one operation.",
      unit: "fields",
    }),
    tokens: key(z.int().min(10).max(1_000_000).default(5000), {
      description: "Tokens in one document.",
      unit: "tokens",
    }),
    cost: key(z.int().min(1).max(1_000_000).default(1000), {
      description: "Weighted upstream work of one operation, found before it runs.",
      unit: "points",
    }),
    range: key(duration.default("32d"), { description: "Longest `range` of a question.", unit: "duration" }),
    sockets: key(z.int().min(1).max(1_000_000).default(5_000), {
      description: "Sockets open at once; further ones are cut.",
      unit: "sockets",
    }),
    socketsPerAddress: key(z.int().min(1).max(1_000_000).default(500), {
      description: "Sockets open at once from one address; raise it behind a proxy, which is one address for all.",
      unit: "sockets",
    }),
    operations: key(z.int().min(1).max(100_000).default(250), {
      description: "Queries under way at once; more wait for their turn.",
      unit: "operations",
    }),
    waitingOperations: key(z.int().min(0).max(100_000).default(2_000), {
      description:
        "Queries that wait; further ones are told 503 with Retry-After. So is one that waited half its time.",
      unit: "operations",
    }),
    loopDelayMs: key(z.int().min(50).max(60_000).default(1_000), {
      description: "Delay of the process's own event loop, for two seconds, from which on queries are told 503.",
      unit: "ms",
    }),
    bodyBytes: key(z.int().min(1024).max(16_777_216).default(262_144), {
      description: "Size of a request's body.",
      unit: "bytes",
    }),
  })
  .prefault({});

const server = z
  .strictObject({
    host: key(plainText.default("127.0.0.1"), {
      description: "Address to listen on. Anything but loopback needs `auth`.",
    }),
    port: key(z.int().min(0).max(65_535).default(4000), { description: "TCP port; 0 takes a free one." }),
    publicUrl: key(baseUrl.optional(), { description: "URL under which people reach Meshlens, for links." }),
    requestTimeoutMs: key(z.int().min(100).max(120_000).default(10_000), {
      description: "Deadline of one operation: what has not answered by then is reported as TIMEOUT.",
      unit: "ms",
    }),
    shutdownGraceMs: key(z.int().min(0).max(600_000).default(15_000), {
      description: "How long answers under way may take to finish after SIGTERM.",
      unit: "ms",
    }),
    logLevel: key(z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"), {
      description: "Least severe line of Meshlens' own log.",
    }),
    debug: key(z.boolean().default(false), {
      description: "Allow `debug: true`, which returns the upstream queries of an operation to whoever may do `debug`.",
    }),
    graphiql: key(z.boolean().default(true), { description: "Serve GraphiQL at /graphiql from our own files." }),
    introspection: key(z.boolean().default(true), {
      description: "Answer `__schema` and `__type`; GraphiQL needs it.",
    }),
    prepared: key(
      z
        .strictObject({
          only: key(z.boolean().default(false), {
            description:
              "Answer prepared documents only: those of the package (dashboards, examples) and of `files`. Values of texts and numbers may differ.",
          }),
          files: key(z.array(plainText).default([]), {
            description: "Files or patterns of further GraphQL documents.",
          }),
        })
        .prefault({}),
      { description: "Which GraphQL documents are answered." },
    ),
    jit: key(z.boolean().default(true), { description: "Compile hot operations." }),
    tls: key(
      z
        .strictObject({
          certFile: key(filePath, {
            description: "PEM file of the certificate, with those between it and its authority.",
          }),
          keyFile: key(filePath, { description: "PEM file of its key." }),
        })
        .optional(),
      { description: "Speak https. Left out: http, for loopback or behind a proxy that speaks https." },
    ),
    cors: key(
      z
        .strictObject({
          origins: key(z.array(origin).max(100).default([]), {
            description: "Origins of other web pages that may ask, such as `https://portal.example.com`.",
          }),
        })
        .prefault({}),
      { description: "Web pages of other origins." },
    ),
    rateLimit: key(
      z
        .strictObject({
          perSecond: key(z.number().gt(0).max(100_000), {
            description: "Requests of one caller over time; further ones are told 429.",
            unit: "requests per second",
          }),
          burst: key(z.int().min(1).max(1_000_000), {
            description: "Requests at once after a pause.",
            unit: "requests",
          }),
        })
        .optional(),
      {
        description:
          "How often one caller may ask, by the name of its token; who has none, or a wrong one, by address. Left out: without limit.",
      },
    ),
    limits: key(limits, { description: "What one request may ask for at most." }),
  })
  .prefault({});

const sloDefaults = z.strictObject({
  availability: key(
    z
      .strictObject({
        target: key(objectiveTarget, { description: "Good / all calls.", unit: "ratio" }),
        window: key(duration.default("30d"), { description: "Period of the objective.", unit: "duration" }),
      })
      .optional(),
    { description: "Objective on failed calls." },
  ),
  latency: key(
    z
      .strictObject({
        target: key(objectiveTarget, {
          description: "Fast / all counted calls; a failed call is a slow one.",
          unit: "ratio",
        }),
        thresholdMs: key(z.number().gt(0).max(3_600_000), { description: "A call is fast up to this.", unit: "ms" }),
        window: key(duration.default("30d"), { description: "Period of the objective.", unit: "duration" }),
      })
      .optional(),
    { description: "Objective on slow calls." },
  ),
});

/** The whole file. Sections of parts that a version does not have yet are checked in shape only. */
export const configSchema = z.strictObject({
  server: key(server, { description: "The HTTP server." }),
  auth: key(authSchema.optional(), {
    description: "Who may ask. Left out: everyone, on loopback only. `none`: everyone, from anywhere.",
  }),
  sources: key(z.array(sourceSchema).max(200).default([]), { description: "The backends; any number of each kind." }),
  links: key(
    z
      .strictObject({
        grafana: key(webUrl.optional(), { description: "Grafana's URL." }),
        kibana: key(webUrl.optional(), { description: "Kibana's URL." }),
        kibanaVersion: key(z.int().min(7).max(9).default(8), {
          description: "Major version of Kibana, 7 to 9: links have a form of their own in each.",
        }),
        kibanaDataView: key(plainText.optional(), {
          description: "Id of the data view links open (7: of the index pattern); left out for Kibana's default.",
        }),
      })
      .prefault({}),
    { description: "Where links of answers point to." },
  ),
  mesh: key(
    z
      .strictObject({
        dialect: key(z.enum(["auto", "istio", "linkerd", "envoy", "otel"]).default("auto"), {
          description: "Vocabulary of the mesh's metrics; `auto` recognises it by metric names.",
        }),
        clusterAliases: key(z.record(plainText, plainText).default({}), {
          description: "Cluster names of metric labels and what to call them, such as `Kubernetes: east`.",
        }),
      })
      .prefault({}),
    { description: "How the mesh speaks." },
  ),
  metrics: key(
    z
      .strictObject({
        services: key(z.array(plainText).default([]), {
          description:
            "Namespaces whose services have golden signals on `/metrics`, `*` for all; left out for none. Each scrape then asks the sources of metrics.",
        }),
      })
      .prefault({}),
    { description: "What `/metrics` tells beside Meshlens itself." },
  ),
  slo: key(
    z
      .strictObject({
        files: key(z.array(plainText).default([]), { description: "Files or patterns of objectives." }),
        defaults: key(sloDefaults.optional(), {
          description: "Given to every service that has no objective of its own.",
        }),
      })
      .optional(),
    { description: "Objectives." },
  ),
  alerting: key(
    z
      .strictObject({
        interval: key(duration.default("30s"), {
          description: "How often objectives are evaluated.",
          unit: "duration",
        }),
        offset: key(duration.default("30s"), {
          description:
            "How far behind the backend's clock windows end, so that the last scrape is in; at least one scrape interval.",
          unit: "duration",
        }),
        alertmanager: key(alertmanagerSchema.optional(), {
          description:
            "Alerts of Alertmanager, told by its webhook to `/webhooks/alertmanager`. Left out: they are taken where there are objectives, and Alertmanager itself is not asked.",
        }),
      })
      .optional(),
    { description: "Evaluation of objectives." },
  ),
  slack: key(slackSchema.optional(), { description: "Delivery to Slack." }),
  store: key(storeSchema.optional(), {
    description:
      "The database of counts, alerts and deliveries. Left out: `file:./meshlens.db` once there are objectives.",
  }),
});

/** The configuration with defaults filled in; environment variables and files are already read by loadConfig. */
export type MeshlensConfig = z.output<typeof configSchema>;
