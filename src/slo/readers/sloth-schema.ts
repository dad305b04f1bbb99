/** What Sloth's files look like: `version: prometheus/v1`, and the same as a Kubernetes object with its camel-case keys. */
import { z } from "zod";
import { shapeOf } from "./read-shape.js";

const texts = z.record(z.string(), z.coerce.string());
const text = z.string().min(1).max(8192);
const percent = z.union([z.number(), z.string()]);
const plugin = z.object({ id: text, options: z.record(z.string(), z.unknown()).optional() });
const plugins = z.object({
  overridePrevious: z.boolean().optional(),
  override_previous: z.boolean().optional(),
  chain: z.array(z.object({ id: text, priority: z.number().optional(), config: z.unknown().optional() })).optional(),
});
const alert = z.object({ disable: z.boolean().optional(), labels: texts.optional(), annotations: texts.optional() });

function sloOf<T extends z.ZodRawShape>(own: T) {
  return z.object({
    name: text,
    description: z.string().optional(),
    objective: percent,
    labels: texts.optional(),
    ...own,
  });
}

/** The plain file. */
export const slothFile = shapeOf(
  z.object({
    version: z.literal("prometheus/v1"),
    service: text,
    labels: texts.optional(),
    slo_plugins: plugins.optional(),
    slos: z
      .array(
        sloOf({
          plugins: plugins.optional(),
          sli: z.object({
            events: z.object({ error_query: text, total_query: text }).optional(),
            raw: z.object({ error_ratio_query: text }).optional(),
            plugin: plugin.optional(),
          }),
          alerting: z
            .object({
              name: z.string().optional(),
              labels: texts.optional(),
              annotations: texts.optional(),
              page_alert: alert.optional(),
              ticket_alert: alert.optional(),
            })
            .optional(),
        }),
      )
      .min(1)
      .max(1_000),
  }),
);

/** The object. */
export const slothObject = shapeOf(
  z.object({
    apiVersion: z.literal("sloth.slok.dev/v1"),
    kind: z.literal("PrometheusServiceLevel"),
    metadata: z.looseObject({
      name: text,
      namespace: z.string().optional(),
      labels: texts.optional(),
      annotations: texts.optional(),
    }),
    spec: z.object({
      service: text,
      labels: texts.optional(),
      sloPlugins: plugins.optional(),
      slos: z
        .array(
          sloOf({
            plugins: plugins.optional(),
            sli: z.object({
              events: z.object({ errorQuery: text, totalQuery: text }).optional(),
              raw: z.object({ errorRatioQuery: text }).optional(),
              plugin: plugin.optional(),
            }),
            alerting: z
              .object({
                name: z.string().optional(),
                labels: texts.optional(),
                annotations: texts.optional(),
                pageAlert: alert.optional(),
                ticketAlert: alert.optional(),
              })
              .optional(),
          }),
        )
        .min(1)
        .max(1_000),
    }),
    status: z.unknown().optional(),
  }),
);
