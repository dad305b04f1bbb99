/** The stored form of an incident's graph. Read with evidence and with deliveries. */
import { z } from "zod";
import { type IncidentGraph, mostEdges, mostNodes } from "../diagnosis/incident-graph.js";

const compared = z.strictObject({ incident: z.number(), before: z.number().nullable() });
const part = z.strictObject({ kind: z.enum(["VERSION", "POD", "EDGE", "EXTERNAL", "RULE"]), name: z.string() });

/** Checks sizes and that every call leads between nodes that are there. */
export const graphSchema = z
  .strictObject({
    measure: z.enum(["FAILED", "TIME"]).nullable(),
    basis: z.enum(["TRACES", "METRICS"]),
    nodes: z
      .array(
        z.strictObject({
          service: z.strictObject({ cluster: z.string(), namespace: z.string(), name: z.string() }).nullable(),
          name: z.string(),
          isAlerting: z.boolean(),
          suspect: z
            .strictObject({
              rank: z.number(),
              grade: z.enum(["LIKELY", "POSSIBLE"]),
              score: z.number(),
              part: part.nullable(),
            })
            .nullable(),
        }),
      )
      .max(mostNodes),
    edges: z
      .array(
        z.strictObject({
          source: z.int().min(0),
          destination: z.int().min(0),
          callsPer100: z.number(),
          failedRatio: compared,
          callMs: compared.nullable(),
          excessFailedPer100: z.number(),
          excessMs: z.number().nullable(),
          weight: z.number(),
        }),
      )
      .max(mostEdges),
    rest: z.strictObject({ nodeCount: z.number(), edgeCount: z.number(), excessRatio: z.number() }),
  })
  .refine(({ nodes: { length }, edges }) =>
    edges.every(({ source, destination }) => source < length && destination < length),
  ) satisfies z.ZodType<IncidentGraph>;
