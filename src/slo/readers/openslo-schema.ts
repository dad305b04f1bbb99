/** What OpenSLO v1 documents look like, per kind, and the one kind of v1alpha that Sloth's users have. */
import { z } from "zod";
import { shapeOf } from "./read-shape.js";

const name = z.string().min(1).max(253);
const marks = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]));
const description = z.string().max(1050).nullish();
const metadata = z.object({
  name,
  displayName: z.string().nullish(),
  namespace: z.string().optional(),
  labels: marks.nullish(),
  annotations: marks.nullish(),
});
/** That of objects written in place. */
const inlineMetadata = metadata.partial({ name: true }).optional();

function objectOf<T extends z.ZodType>(kindName: string, spec: T, otherName = kindName) {
  const kind = z.enum([kindName, otherName]);
  return shapeOf(
    z.object({
      apiVersion: z.enum(["openslo/v1", "openslo.com/v1"]),
      kind,
      metadata,
      spec,
      status: z.unknown().optional(),
    }),
  );
}

const metricSource = z.object({
  metricSourceRef: name.optional(),
  type: z.string().min(1).optional(),
  spec: z.looseObject({ query: z.unknown().optional() }).optional(),
});
const metric = z.object({ metricSource });

const sliSpec = z.object({
  description,
  thresholdMetric: metric.optional(),
  ratioMetric: z
    .object({
      counter: z.boolean().optional(),
      good: metric.optional(),
      bad: metric.optional(),
      total: metric.optional(),
      raw: metric.optional(),
      rawType: z.enum(["success", "failure"]).optional(),
    })
    .optional(),
});
const inlineSli = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: inlineMetadata,
  spec: sliSpec,
});

const conditionSpec = z.object({
  description,
  severity: z.union([z.string().min(1), z.number()]),
  condition: z.object({
    kind: z.enum(["burnrate", "Burnrate", "burnRate"]),
    op: z.enum(["lte", "gte", "lt", "gt"]),
    threshold: z.number(),
    lookbackWindow: z.string(),
    alertAfter: z.string().optional(),
  }),
});
const inlineOf = <T extends z.ZodType>(spec: T) =>
  z.object({ apiVersion: z.string().optional(), kind: z.string().optional(), metadata: inlineMetadata, spec });

const targetSpec = z.object({ description, target: z.string().min(1) });
const policySpec = z.object({
  description,
  alertWhenNoData: z.boolean().optional(),
  alertWhenResolved: z.boolean().optional(),
  alertWhenBreaching: z.boolean().optional(),
  conditions: z
    .array(
      z.object({
        operator: z.string().optional(),
        conditionRef: name.optional(),
        ...inlineOf(conditionSpec).partial().shape,
      }),
    )
    .min(1)
    .max(1),
  notificationTargets: z
    .array(z.object({ targetRef: name.optional(), ...inlineOf(targetSpec).partial().shape }))
    .min(1),
});

/** As a number, or as Kubernetes objects hold one: in quotes. */
const figure = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,12}(\.\d{1,12})?$/, "is no number")
    .transform(Number),
]);

const timeWindow = z.object({
  duration: z.string(),
  isRolling: z.boolean().optional(),
  calendar: z.object({ startTime: z.string(), timeZone: z.string() }).optional(),
});
const objective = z.object({
  displayName: z.string().nullish(),
  op: z.enum(["lte", "gte", "lt", "gt"]).optional(),
  value: figure.optional(),
  target: figure.optional(),
  targetPercent: figure.optional(),
  timeSliceTarget: figure.pipe(z.number().gt(0).lte(1)).optional(),
  timeSliceWindow: z.union([z.string(), z.number()]).optional(),
  indicator: inlineSli.optional(),
  indicatorRef: name.optional(),
  compositeWeight: z.number().gt(0).optional(),
});
const sloSpec = z.object({
  description,
  service: z.string().min(1),
  indicator: inlineSli.optional(),
  indicatorRef: name.optional(),
  timeWindow: z.union([z.array(timeWindow).min(1).max(1), timeWindow]).optional(),
  budgetingMethod: z.enum(["Occurrences", "Timeslices", "RatioTimeslices"]),
  objectives: z.array(objective).min(1).max(100),
  alertPolicies: z
    .array(z.union([name, z.object({ alertPolicyRef: name.optional(), ...inlineOf(policySpec).partial().shape })]))
    .optional(),
});

/** The kinds of v1. */
export const opensloKinds = {
  DataSource: objectOf(
    "DataSource",
    z.object({ description, type: z.string().min(1), connectionDetails: z.unknown().optional() }),
    "Datasource",
  ),
  Service: objectOf("Service", z.object({ description }).nullish()),
  SLI: objectOf("SLI", sliSpec),
  SLO: objectOf("SLO", sloSpec),
  AlertCondition: objectOf("AlertCondition", conditionSpec),
  AlertNotificationTarget: objectOf("AlertNotificationTarget", targetSpec),
  AlertPolicy: objectOf("AlertPolicy", policySpec),
} as const;

const alphaMetric = z.object({ source: z.string(), queryType: z.string(), query: z.string().min(1) });

/** v1alpha: ratios in the objectives themselves. */
export const opensloAlphaSlo = shapeOf(
  z.object({
    apiVersion: z.literal("openslo/v1alpha"),
    kind: z.literal("SLO"),
    metadata,
    spec: z.object({
      description,
      service: z.string().min(1),
      budgetingMethod: z.enum(["Occurrences", "Timeslices"]),
      objectives: z
        .array(
          z.object({
            displayName: z.string().nullish(),
            ratioMetrics: z
              .object({
                good: alphaMetric.optional(),
                bad: alphaMetric.optional(),
                total: alphaMetric,
                counter: z.boolean().optional(),
              })
              .optional(),
            target: z.number(),
            op: z.string().optional(),
            value: z.number().optional(),
            timeSliceTarget: z.number().optional(),
          }),
        )
        .min(1)
        .max(100),
      timeWindows: z
        .array(
          z.object({
            count: z.int().min(1),
            unit: z.enum(["Second", "Minute", "Hour", "Day", "Week", "Month", "Quarter", "Year"]),
            isRolling: z.boolean().optional(),
            calendar: z.object({ startTime: z.string(), timeZone: z.string() }).optional(),
          }),
        )
        .min(1)
        .max(1),
      indicator: z.unknown().optional(),
      alertPolicies: z.unknown().optional(),
    }),
  }),
);

/** Part of an SLO or an SLI of its own. */
export type SliSpec = z.output<typeof sliSpec>;

/** What an SLO says. */
export type SloSpec = z.output<typeof sloSpec>;

/** One objective of it. */
export type SloObjective = SloSpec["objectives"][number];

/** What an alert policy says. */
export type PolicySpec = z.output<typeof policySpec>;

/** What an alert condition says. */
export type ConditionSpec = z.output<typeof conditionSpec>;

/** Labels or annotations. */
export type Marks = z.output<typeof marks>;

/** Head of an object. */
export type Metadata = z.output<typeof metadata>;

/** A time window of an SLO. */
export type TimeWindow = z.output<typeof timeWindow>;
