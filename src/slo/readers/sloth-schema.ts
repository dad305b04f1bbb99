/** What Sloth's files look like: `version: prometheus/v1`, and the same as a Kubernetes object with its camel-case keys. */
import { z } from "zod";
import { shapeOf } from "./read-shape.js";

const texts = z.record(z.string(), z.coerce.string());
const text = z.string().min(1).max(8192);
const percent = z.union([z.number(), z.string()]);
const plugin = z.object({ id: text, options: z.record(z.string(), z.unknown()).optional() });
const alert = z.object({ disable: z.boolean().optional(), labels: texts.optional(), annotations: texts.optional() });

/** Plug-ins of a file or of an SLO; the two forms spell one key differently. */
function pluginsOf<O extends z.ZodRawShape>(override: O) {
  return z.object({
    ...override,
    chain: z.array(z.object({ id: text, priority: z.number().optional(), config: z.unknown().optional() })).optional(),
  });
}

/** One SLO; what the two forms spell differently is given. */
function sloOf<P extends z.ZodType, E extends z.ZodRawShape, R extends z.ZodRawShape, A extends z.ZodRawShape>(
  plugins: P,
  { events, raw, alerts }: { readonly events: E; readonly raw: R; readonly alerts: A },
) {
  return z.object({
    name: text,
    description: z.string().optional(),
    objective: percent,
    labels: texts.optional(),
    plugins: plugins.optional(),
    sli: z.object({ events: z.object(events).optional(), raw: z.object(raw).optional(), plugin: plugin.optional() }),
    alerting: z
      .object({ name: z.string().optional(), labels: texts.optional(), annotations: texts.optional(), ...alerts })
      .optional(),
  });
}

const filePlugins = pluginsOf({ override_previous: z.boolean().optional() });
const objectPlugins = pluginsOf({ overridePrevious: z.boolean().optional() });

/** The plain file. */
export const slothFile = shapeOf(
  z.object({
    version: z.literal("prometheus/v1"),
    service: text,
    labels: texts.optional(),
    slo_plugins: filePlugins.optional(),
    slos: z
      .array(
        sloOf(filePlugins, {
          events: { error_query: text, total_query: text },
          raw: { error_ratio_query: text },
          alerts: { page_alert: alert.optional(), ticket_alert: alert.optional() },
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
      sloPlugins: objectPlugins.optional(),
      slos: z
        .array(
          sloOf(objectPlugins, {
            events: { errorQuery: text, totalQuery: text },
            raw: { errorRatioQuery: text },
            alerts: { pageAlert: alert.optional(), ticketAlert: alert.optional() },
          }),
        )
        .min(1)
        .max(1_000),
    }),
    status: z.unknown().optional(),
  }),
);
