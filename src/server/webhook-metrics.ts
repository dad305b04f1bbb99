/** What /metrics says of Alertmanager's webhook. Used by self-metrics.ts. */
import { Counter, Gauge, type Registry } from "prom-client";

/** What the route reports to. */
export interface WebhookMetrics {
  accepted(count: number): void;
  refused(count: number): void;
  truncated(count: number): void;
  putOff(): void;
  /** Read when /metrics is asked for. */
  watch(counts: () => { readonly firing: number; readonly waiting: number }): void;
}

/** Registers them. */
export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const alerts = new Counter({
    name: "meshlens_webhook_alerts_total",
    help: "Alerts of Alertmanager by what came of them: accepted (stored), refused (malformed or not visible), truncated (left out by Alertmanager and not to be had).",
    labelNames: ["outcome"],
    registers,
  });
  const putOff = new Counter({
    name: "meshlens_webhook_put_off_total",
    help: "Bodies of Alertmanager answered 503, because the inbox was full or the store failed; it tells them again.",
    registers,
  });
  let watched = () => ({ firing: 0, waiting: 0 });
  new Gauge({
    name: "meshlens_webhook_inbox_alerts",
    help: "Alerts of Alertmanager that fire (firing), and subjects whose incident is still to be moved (waiting).",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, count] of Object.entries(watched())) this.set({ state }, count);
    },
  });
  return {
    accepted: (count) => alerts.inc({ outcome: "accepted" }, count),
    refused: (count) => alerts.inc({ outcome: "refused" }, count),
    truncated: (count) => alerts.inc({ outcome: "truncated" }, count),
    putOff: () => putOff.inc(),
    watch(counts) {
      watched = counts;
    },
  };
}
