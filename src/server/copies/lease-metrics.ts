/** What /metrics says of several copies. Used by self-metrics.ts. */
import { Counter, Gauge, type Registry } from "prom-client";

/** What the copies' part of the server reports to. */
export interface LeaseMetrics {
  taken(): void;
  lost(): void;
  failed(): void;
  /** Read when /metrics is asked for. */
  watch(
    now: () => {
      readonly isHeld: boolean;
      readonly epoch: number | null;
      readonly copies: number;
      readonly shards: number | null;
    },
  ): void;
}

/** Registers them. */
export function createLeaseMetrics(registry: Registry): LeaseMetrics {
  const registers = [registry];
  const terms = new Counter({
    name: "meshlens_lease_terms_total",
    help: "Times this copy took the lease to evaluate and deliver (taken), and times another one took it from it (lost).",
    labelNames: ["outcome"],
    registers,
  });
  const failures = new Counter({
    name: "meshlens_lease_failures_total",
    help: "Tries to take or renew the lease, or to begin with it, that failed and are repeated.",
    registers,
  });
  let watched: Parameters<LeaseMetrics["watch"]>[0] | null = null;
  const gauge = (name: string, help: string, of: (now: ReturnType<NonNullable<typeof watched>>) => number | null) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.reset();
        const value = watched === null ? null : of(watched());
        if (value !== null) this.set(value);
        else this.remove();
      },
    });
  gauge(
    "meshlens_lease_held",
    "1 while this copy evaluates and delivers; the sum over all copies is 1.",
    ({ isHeld }) => (isHeld ? 1 : 0),
  );
  gauge(
    "meshlens_lease_epoch",
    "Number of the last lease that was seen; it rises with each failover.",
    ({ epoch }) => epoch,
  );
  gauge("meshlens_lease_copies", "Copies of Meshlens that live on this store.", ({ copies }) => copies);
  gauge(
    "meshlens_lease_shards",
    "Shards of objectives that this copy measures; the sum over all copies is 8. No series where a copy is alone with its store.",
    ({ shards }) => shards,
  );
  return {
    taken: () => terms.inc({ outcome: "taken" }),
    lost: () => terms.inc({ outcome: "lost" }),
    failed: () => failures.inc(),
    watch(now) {
      watched = now;
    },
  };
}
