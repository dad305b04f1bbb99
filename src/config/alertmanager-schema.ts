/** The `alerting.alertmanager:` section: alerts that come in by its webhook, and its API. Part of configSchema. */
import { z } from "zod";
import { baseUrl, duration, key, plainText } from "./key-types.js";
import { authSchema, connectionKeys, tlsSchema } from "./source-schema.js";

const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not the name of a label");
const labelNames = z.array(labelName).max(20);

/** The section. Rules between its keys are checkMeaning's. */
export const alertmanagerSchema = z.strictObject({
  url: key(baseUrl.optional(), {
    description:
      "Base URL of Alertmanager. With it silences go both ways, groups it cut short are read whole, and alerts it holds no more are over.",
  }),
  headers: connectionKeys.headers,
  auth: key(authSchema, { description: "Credentials for `url`: exactly one of `basic`, `bearer`." }),
  tls: key(tlsSchema, { description: "Certificates for https." }),
  timeoutMs: connectionKeys.timeoutMs,
  maxResponseBytes: connectionKeys.maxResponseBytes,
  maxConcurrent: connectionKeys.maxConcurrent,
  labels: key(
    z
      .strictObject({
        service: key(
          labelNames.default([
            "destination_service_name",
            "destination_service",
            "service",
            "service_name",
            "app",
            "deployment",
            "sloth_service",
            "job",
          ]),
          { description: "Labels that may name the service; the first an alert has counts." },
        ),
        namespace: key(
          labelNames.default([
            "destination_service_namespace",
            "namespace",
            "kubernetes_namespace",
            "exported_namespace",
          ]),
          { description: "Labels that may name its namespace." },
        ),
        cluster: key(labelNames.default(["cluster"]), { description: "Labels that may name its cluster." }),
        severity: key(labelNames.default(["sloth_severity", "severity"]), {
          description: "Labels that may say how urgent it is.",
        }),
      })
      .prefault({}),
    { description: "How to read alerts that no objective of ours raised." },
  ),
  pageSeverities: key(z.array(plainText).max(20).default(["page", "critical", "emergency"]), {
    description: "Values of the severity that page; everything else is a ticket.",
  }),
  maxBodyBytes: key(z.int().min(65_536).max(134_217_728).default(16_777_216), {
    description: "Size of a body of the webhook.",
    unit: "bytes",
  }),
  maxAlerts: key(z.int().min(100).max(1_000_000).default(50_000), {
    description: "Alerts that may fire at once; above that the webhook answers 503.",
    unit: "alerts",
  }),
  forgetAfter: key(duration.default("2d"), {
    description:
      "An alert that was not told of for so long is over; more than `repeat_interval` of Alertmanager, which tells again what fires.",
    unit: "duration",
  }),
});

/** The section as it is read. */
export type AlertmanagerConfig = z.output<typeof alertmanagerSchema>;
