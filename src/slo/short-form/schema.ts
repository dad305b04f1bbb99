/** The short form of objective files: shape, defaults and a description per key. Types and docs/reference/objectives.md come from it. */
import { z } from "zod";
import { durationMs } from "../../config/duration.js";
import { duration, key, plainText } from "../../config/key-types.js";
import { parseTarget } from "../target.js";

const dayMs = 86_400_000;

const targetText = z
  .union([z.string(), z.number()])
  .refine(
    (value) => parseTarget(value) !== null,
    "must be above 0 and below 100 %, written as 99.9% or 0.999: nobody keeps 100 %, and it leaves no budget",
  );
const target = key(targetText, { description: "Share that shall be good, such as `99.9%` or `0.999`." });
const promql = z.string().min(1).max(8192);
const failedOrGood = (what: string) => ({
  failed: key(promql.optional(), {
    description: `PromQL of the failed ${what}; exactly one of \`failed\` and \`good\`.`,
  }),
  good: key(promql.optional(), { description: `PromQL of the good ${what}.` }),
});

const status = z.union([z.number(), z.string()]);
const calls = {
  view: key(z.enum(["callers", "server"]).default("callers"), {
    description: "Whose view: `callers` count what they asked for, `server` what arrived, retries each.",
  }),
  failedStatus: key(
    z
      .strictObject({
        add: key(z.array(status).max(100).default([]), {
          description: "Also failed: HTTP codes (`403`), classes (`4xx`), `grpc:7`, `flag:RL`.",
        }),
        remove: key(z.array(status).max(100).default([]), { description: "Not failed, whatever says otherwise." }),
      })
      .prefault({}),
    { description: "Changes to what counts as failed (5xx, no response, gRPC 2 4 8 12 13 14 15)." },
  ),
  callerGaveUp: key(z.boolean().default(true), {
    description:
      "Whether a call failed when its caller within the mesh gave up; `false` for callers that hedge or cancel.",
  }),
};

const durationOrZero = z
  .string()
  .refine(
    (value) => value === "0s" || (durationMs(value) ?? dayMs + 1) <= dayMs,
    "is not a duration such as 30s, 5m or 1h30m, 1 d at most, or 0s",
  )
  .optional();

const hold = (forDefault: string, keepDefault: string) =>
  z
    .strictObject({
      for: key(durationOrZero, {
        description: `How long a tier must be met before it fires; default \`${forDefault}\`.`,
        unit: "duration",
      }),
      keepFiring: key(durationOrZero, {
        description: `How long all tiers must be clear before it ends; default \`${keepDefault}\`.`,
        unit: "duration",
      }),
    })
    .optional();

const tier = z.strictObject({
  severity: key(z.enum(["page", "ticket"]), { description: "What it raises." }),
  long: key(duration, { description: "Window that says how much was spent.", unit: "duration" }),
  short: key(duration, {
    description: "Window that says that it still burns; a twelfth of the long one is usual.",
    unit: "duration",
  }),
  budget: key(targetText.optional(), {
    description:
      "Share of the period's budget spent when the long window is full; exactly one of `budget` and `factor`.",
  }),
  factor: key(z.number().gt(0).max(1_000_000).optional(), { description: "The burn rate itself." }),
});

const alerting = z.strictObject({
  minFailedEvents: key(z.int().min(1).max(1_000_000).optional(), {
    description: "Failed events the long window must hold; default 5.",
    unit: "events",
  }),
  page: key(hold("1m", "10m"), { description: "Times of pages." }),
  ticket: key(hold("15m", "30m"), { description: "Times of tickets." }),
  tiers: key(z.array(tier).max(16).optional(), {
    description:
      "Pairs of windows instead of the usual four (page 1h/5m 2%, 6h/30m 5%; ticket 1d/2h 10%, 3d/6h 10%); `[]`: a budget without alerts.",
  }),
});

const period = z.union([
  z.string().refine((text) => {
    const lengthMs = durationMs(text);
    return lengthMs !== null && lengthMs >= dayMs / 24 && lengthMs <= 366 * dayMs;
  }, "must be a duration of 1h to 366d such as 30d, or a calendar period such as { calendar: month }"),
  z.strictObject({
    calendar: key(z.enum(["day", "week", "month", "quarter", "year"]), { description: "Unit of a calendar period." }),
    count: key(z.int().min(1).max(366).default(1), { description: "How many units a period has.", unit: "units" }),
    zone: key(plainText.default("UTC"), { description: "IANA time zone, such as `Europe/Berlin`." }),
    start: key(plainText.optional(), {
      description: "A local date or date and time at which a period begins; without it, Mondays, firsts of the month.",
    }),
  }),
]);

const objective = z.strictObject({
  service: key(plainText, { description: "`name`, `namespace/name` or `cluster/namespace/name`." }),
  name: key(
    z
      .string()
      .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/, "must be 1 to 63 letters, digits, . _ - within")
      .optional(),
    {
      description:
        "Unique within the service; without it `availability`, `latency-500ms`, `connections`, `events`, `ratio`, `gauge`.",
    },
  ),
  description: key(z.string().min(1).max(1024).optional(), { description: "For people." }),
  labels: key(z.record(plainText, plainText).optional(), {
    description: "Whose it is and the like, such as `team: payments`: `slack.routes` choose channels by them.",
  }),
  availability: key(z.union([targetText, z.strictObject({ target, ...calls })]).optional(), {
    description: "Calls that did not fail; a target alone will do.",
  }),
  latency: key(
    z
      .strictObject({
        target,
        thresholdMs: key(z.number().gt(0).max(3_600_000), { description: "A call is fast up to this.", unit: "ms" }),
        ...calls,
      })
      .optional(),
    { description: "Calls that were fast enough; a failed call is a slow one." },
  ),
  connections: key(z.union([targetText, z.strictObject({ target })]).optional(), {
    description:
      "Layer-4 connections that were not closed by a failure, of those opened; a target alone will do. Istio's TCP metrics and Linkerd's outbound ones.",
  }),
  events: key(
    z
      .strictObject({ target, ...failedOrGood("events"), total: key(promql, { description: "PromQL of all events." }) })
      .optional(),
    { description: "Events counted by your own queries; plain `sum(rate(counter[{{.window}}]))` are counted exactly." },
  ),
  ratio: key(z.strictObject({ target, ...failedOrGood("share, 0..1") }).optional(), {
    description: "A ratio by your own query: weighted by time, approximate.",
  }),
  gauge: key(
    z
      .strictObject({ target, selector: key(promql, { description: 'A plain selector such as `up{job="api"}`.' }) })
      .optional(),
    { description: "A gauge that is 1 when good and 0 when not." },
  ),
  window: key(period.optional(), { description: "The period; default `30d`.", unit: "duration" }),
  version: key(plainText.optional(), { description: "Only calls to this version of the workload." }),
  route: key(plainText.optional(), {
    description: "Only calls of this route: Istio's `request_operation`, OpenTelemetry's `span_name`.",
  }),
  caller: key(plainText.optional(), {
    description: "Only calls from this service or workload, written as a service is.",
  }),
  host: key(plainText.optional(), {
    description:
      "Calls (or connections) that the service makes to this host outside the mesh, instead of those it gets.",
  }),
  alerting: key(alerting.optional(), {
    description: "When it raises an incident; what it leaves out is taken from `defaults.alerting`.",
  }),
});

/** A whole file. */
export const shortFormSchema = z.strictObject({
  apiVersion: key(z.literal("meshlens/v1"), { description: "Says that this is the short form." }),
  cluster: key(plainText.optional(), {
    description: "For services below that name none; left out where there is one.",
  }),
  namespace: key(plainText.optional(), { description: "For services below that name none." }),
  labels: key(z.record(plainText, plainText).optional(), {
    description: "Labels of all objectives below, unless they have the same of their own.",
  }),
  defaults: key(
    z
      .strictObject({
        window: key(period.default("30d"), { description: "For objectives below that name none.", unit: "duration" }),
        alerting: key(alerting.optional(), { description: "What objectives below do not say themselves, key by key." }),
      })
      .prefault({}),
    { description: "What the objectives below share." },
  ),
  objectives: key(z.array(objective).min(1).max(10_000), { description: "The objectives." }),
});

/** A file whose shape is right. */
export type ShortForm = z.output<typeof shortFormSchema>;

/** One objective of it. */
export type ShortObjective = ShortForm["objectives"][number];

/** `alerting` of an objective or of `defaults`. */
export type ShortAlerting = z.output<typeof alerting>;

/** `window` of an objective or of `defaults`. */
export type ShortPeriod = z.output<typeof period>;
