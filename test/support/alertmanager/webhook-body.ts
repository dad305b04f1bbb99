/** Bodies as Alertmanager's webhook sends them, for tests. */
import type { RulerLabels } from "../../../src/telemetry/ruler-alert.js";

/** One alert of a body. `endsAt` left out: it fires. */
export interface ToldAlert {
  readonly labels: RulerLabels;
  readonly annotations?: RulerLabels;
  readonly startsAt: string;
  readonly endsAt?: string;
}

/** A body of version 4. */
export function webhookBody(alerts: readonly ToldAlert[], more: object = {}): object {
  return {
    version: "4",
    groupKey: "{}:{}",
    truncatedAlerts: 0,
    status: alerts.some(({ endsAt }) => endsAt === undefined) ? "firing" : "resolved",
    receiver: "meshlens",
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://alertmanager.example.com:9093",
    alerts: alerts.map(({ labels, annotations = {}, startsAt, endsAt }) => ({
      status: endsAt === undefined ? "firing" : "resolved",
      labels,
      annotations,
      startsAt,
      endsAt: endsAt ?? "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus.example.com:9090/graph?g0.expr=up",
      fingerprint: "c0ffee",
    })),
    ...more,
  };
}
