/** What Pyrra's ServiceLevelObjective looks like. */
import { z } from "zod";
import { shapeOf } from "./read-shape.js";

const texts = z.record(z.string(), z.coerce.string());
const metric = z.object({ metric: z.string().min(1).max(8192) });
const grouping = z.array(z.string()).optional();
const severities = z.array(z.string()).optional();

/** The object. */
export const pyrraObject = shapeOf(
  z.object({
    apiVersion: z.literal("pyrra.dev/v1alpha1"),
    kind: z.literal("ServiceLevelObjective"),
    metadata: z.looseObject({
      name: z.string().min(1).max(253),
      namespace: z.string().optional(),
      labels: texts.optional(),
      annotations: texts.optional(),
    }),
    spec: z.object({
      description: z.string().optional(),
      target: z.union([z.string(), z.number()]),
      window: z.string(),
      alerting: z
        .object({
          disabled: z.boolean().optional(),
          name: z.string().optional(),
          absent: z.boolean().optional(),
          absentName: z.string().optional(),
          burnrates: z.boolean().optional(),
          severities: z.union([severities, z.record(z.string(), z.string())]).optional(),
        })
        .optional(),
      indicator: z.object({
        ratio: z.object({ errors: metric, total: metric, grouping }).optional(),
        latency: z.object({ success: metric, total: metric, grouping }).optional(),
        latencyNative: z.object({ total: metric, latency: z.string(), grouping }).optional(),
        bool_gauge: z.object({ metric: z.string().min(1).max(8192), grouping }).optional(),
      }),
      performanceOverAccuracy: z.boolean().optional(),
      partial_response_strategy: z.string().optional(),
      ruleOutput: z.unknown().optional(),
    }),
    status: z.unknown().optional(),
  }),
);
