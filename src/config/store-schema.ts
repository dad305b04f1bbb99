/** The `store:` section: which database, and how long what is kept. Part of configSchema. */
import { z } from "zod";
import { duration, key, secretText } from "./key-types.js";

/** The section; everything in it has a default. */
export const storeSchema = z.strictObject({
  url: key(
    secretText
      .refine((text) => /^(file:|postgres(ql)?:\/\/)./.test(text), "must begin with file: or postgres://")
      .default("file:./meshlens.db"),
    { description: "`file:PATH` (SQLite, one process) or `postgres://...` (several copies).", secret: true },
  ),
  keepEvidence: key(duration.default("90d"), {
    description: "How long an incident's evidence (burn, traces, redacted log samples, suspects) is kept.",
    unit: "duration",
  }),
  keepChanges: key(duration.default("30d"), {
    description: "How long changes of workloads and mesh configuration are kept.",
    unit: "duration",
  }),
  keepIncidents: key(duration.default("1y"), {
    description: "How long resolved incidents, their transitions and deliveries are kept.",
    unit: "duration",
  }),
});
