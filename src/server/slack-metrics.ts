/** What /metrics says of messages to Slack. Channels are no labels: their names are people's. Used by self-metrics.ts. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { DeliveryObserver } from "../slack/delivery-pass.js";
import { type DeliveryState, deliveryStates } from "../store/outbox-store.js";

/** What Slack's delivery reports to. */
export interface SlackMetrics extends DeliveryObserver {
  /** Where the outbox's counts are read when /metrics is asked for. */
  watch(counts: () => Promise<Readonly<Record<DeliveryState, number>>>): void;
}

const seconds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800];

/** Registers them. */
export function createSlackMetrics(registry: Registry): SlackMetrics {
  const registers = [registry];
  const wait = new Histogram({
    name: "meshlens_slack_delivery_wait_seconds",
    help: "Time from putting a message into the outbox until Slack had it.",
    buckets: seconds,
    registers,
  });
  const attempts = new Counter({
    name: "meshlens_slack_attempts_total",
    help: "Attempts to send a message: sent, found (an earlier attempt had arrived), failed, ambiguous (looked up before it is repeated), dead (given up).",
    labelNames: ["outcome"],
    registers,
  });
  let counts: (() => Promise<Readonly<Record<DeliveryState, number>>>) | null = null;
  new Gauge({
    name: "meshlens_slack_deliveries",
    help: "Messages in the outbox by state; dead ones are sent again by the mutation retryDelivery. No series while the store cannot be read.",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      const known = await counts?.().catch(() => null);
      for (const state of known ? deliveryStates : []) this.set({ state }, known?.[state] ?? 0);
    },
  });
  return {
    watch(from) {
      counts = from;
    },
    sent({ waitedMs, isFound }) {
      attempts.inc({ outcome: isFound ? "found" : "sent" });
      wait.observe(Math.max(0, waitedMs) / 1000);
    },
    failed: ({ state }) => attempts.inc({ outcome: state.toLowerCase() }),
  };
}
