/** Stored JSON → evidence, for every version released. Called by whoever shows stored incidents. */
import { z } from "zod";
import { type Evidence, evidenceParts } from "./evidence.js";
import { graphSchema } from "./graph-schema.js";

const orNull = z.number().nullable();
const burnWindow = z.strictObject({ windowMs: z.number(), value: orNull });
const link = z.strictObject({
  kind: z.enum(["PROMETHEUS", "JAEGER", "ZIPKIN", "KIBANA", "GRAFANA", "MESHLENS", "SLACK"]),
  name: z.string(),
  url: z.string(),
});
const service = z.strictObject({ cluster: z.string(), namespace: z.string(), name: z.string() });
const sourceStates = [
  "OK",
  "DEGRADED",
  "TIMEOUT",
  "UNAVAILABLE",
  "UNAUTHORIZED",
  "RATE_LIMITED",
  "NOT_CONFIGURED",
] as const;

const chart = z
  .strictObject({
    timestamps: z.array(z.number()),
    errorRatio: z.array(orNull),
    burn: z.array(z.strictObject({ windowMs: z.number(), values: z.array(orNull) })),
    thresholds: z.array(z.strictObject({ tier: z.string(), value: z.number() })),
  })
  .refine(({ timestamps: { length }, errorRatio, burn }) =>
    [errorRatio, ...burn.map(({ values }) => values)].every((list) => list.length === length),
  );

const version1 = z.strictObject({
  version: z.literal(1),
  takenAtMs: z.number(),
  // Before it was gathered at all it was not said.
  isGathered: z.boolean().default(true),
  window: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  burnConditions: z.array(
    z.strictObject({
      tier: z.string(),
      severity: z.enum(["PAGE", "TICKET"]),
      threshold: z.number(),
      long: burnWindow,
      short: burnWindow,
      met: z.boolean(),
      note: z.string().nullable(),
    }),
  ),
  goodCount: orNull,
  totalCount: orNull,
  budget: z.strictObject({ remainingRatio: orNull, exhaustedAtMs: orNull }).nullable(),
  chart: chart.nullable(),
  // Nobody was suspected by the first releases.
  verdict: z.string().nullable().default(null),
  suspects: z
    .array(
      z.strictObject({
        service,
        score: z.number(),
        grade: z.enum(["STRONG", "LIKELY", "POSSIBLE"]),
        reasons: z.array(z.string()),
      }),
    )
    .nullable(),
  graph: graphSchema.nullable().default(null),
  traces: z
    .array(
      z.strictObject({
        traceId: z.string(),
        startMs: z.number(),
        durationMs: z.number(),
        errorCount: z.number(),
        summary: z.string(),
        detail: z.string().nullable(),
        faultAt: service.nullable().default(null),
        links: z.array(link),
      }),
    )
    .nullable(),
  logPatterns: z
    .array(
      z.strictObject({
        pattern: z.string(),
        count: z.number(),
        baselineCount: orNull,
        sample: z.string(),
        namespace: z.string().optional(),
      }),
    )
    .nullable(),
  changes: z
    .array(
      z.strictObject({
        atMs: z.number(),
        kind: z.string(),
        namespace: z.string().nullable(),
        name: z.string(),
        summary: z.string(),
        detail: z.string().nullable(),
      }),
    )
    .nullable(),
  // Not gathered by the first releases.
  health: z
    .array(z.strictObject({ service, state: z.enum(["DEGRADED", "DOWN"]), reasons: z.array(z.string()) }))
    .nullable()
    .default(null),
  links: z.array(link),
  missing: z.array(
    z.strictObject({
      part: z.enum(evidenceParts),
      name: z.string(),
      state: z.enum(sourceStates),
      message: z.string().nullable(),
    }),
  ),
}) satisfies z.ZodType<Evidence>;

/** The evidence; null for anything that no version of Meshlens wrote. */
export function readEvidence(stored: unknown): Evidence | null {
  const parsed = version1.safeParse(stored);
  return parsed.success ? parsed.data : null;
}
