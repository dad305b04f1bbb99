/**
 * Port to what runs the services and how they are configured. Adapters: kubernetes, memory. Both hold the cluster's objects in memory and
 * answer from them, so a question costs no upstream read. Sentences are written once, in `workloads/`.
 */
import type { CallOptions, Source } from "./source.js";
import type { TimeWindow } from "./time-window.js";

/** A name within one cluster. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * How a service's workloads are. DOWN: instances are wanted and none is ready. DEGRADED: some are missing, restart, or lack a ready
 * sidecar. IDLE: scaled to zero on purpose. UNKNOWN: nothing is known of its workloads, or their status is older than their wish.
 */
export type HealthState = "HEALTHY" | "DEGRADED" | "DOWN" | "IDLE" | "UNKNOWN";

/** A condition as Kubernetes tells it. */
export interface WorkloadCondition {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
}

/** One instance of a workload. */
export interface PodHealth {
  readonly name: string;
  /** Kubernetes' word: Pending, Running, Succeeded, Failed, Unknown; `Terminating` for one that is being deleted. */
  readonly phase: string;
  readonly isReady: boolean;
  /** Of all its containers, since the pod began. */
  readonly restarts: number;
  readonly node: string | null;
  readonly startedAtMs: number | null;
  /** What is wrong with it, in words; [] when nothing is. */
  readonly reasons: readonly string[];
}

/** A Deployment, StatefulSet, DaemonSet or whatever else owns a service's pods (a bare Pod is its own workload). */
export interface WorkloadHealth {
  readonly kind: string;
  readonly name: string;
  /** Instances wanted; null when its object is not known. */
  readonly desired: number | null;
  readonly ready: number;
  /** Null when its object is not known. */
  readonly available: number | null;
  /** Of all containers of its present pods, since those began. */
  readonly restarts: number;
  /** Of the application's containers, sidecars left out; sorted. */
  readonly images: readonly string[];
  readonly conditions: readonly WorkloadCondition[];
  /** By name. */
  readonly pods: readonly PodHealth[];
}

/** A service's health with its reasons: one sentence each, the gravest first, [] when HEALTHY. */
export interface ServiceHealth {
  readonly state: HealthState;
  readonly reasons: readonly string[];
  /** By name. */
  readonly workloads: readonly WorkloadHealth[];
}

/** Something that was changed or that befell an object, told as a person would. Never holds a value of a Secret or of the environment. */
export interface WorkloadChange {
  /** Stable within a source; the same in every replica where the object itself dates the change. */
  readonly id: string;
  readonly atMs: number;
  /** CHANGED: somebody changed an object. BEFELL: an event or a restart, more often the consequence of a change than a cause. */
  readonly nature: "CHANGED" | "BEFELL";
  /** Kubernetes kind of the object. */
  readonly kind: string;
  /** Null for an object without one. */
  readonly namespace: string | null;
  readonly name: string;
  /** One line: `fault: 7 s delay on 100 % for end-user=jason`. */
  readonly summary: string;
  /** All of it, several lines, with who changed it where that is known; null when the summary says all. */
  readonly detail: string | null;
  /** Which of the services asked about it touches; never empty. */
  readonly services: readonly NamespacedName[];
}

/** An answer and what is missing from it (a kind the source may not read), for DEGRADED. */
export interface WorkloadAnswer<T> {
  readonly value: T;
  readonly warnings: readonly string[];
}

/** What a source of workloads must be able to do. All methods throw MESHLENS_ERR_SOURCE_*. */
export interface WorkloadSource extends Source {
  /** Every Kubernetes Service; order not promised. A warning says that some may be missing, not that other kinds are. */
  services(options: CallOptions): Promise<WorkloadAnswer<readonly NamespacedName[]>>;
  /** One per name, in order; null where there is no such Service. */
  health(
    names: readonly NamespacedName[],
    options: CallOptions,
  ): Promise<WorkloadAnswer<readonly (ServiceHealth | null)[]>>;
  /** What touched any of the services within the window, newest first. Also for names that are no Service any more. */
  changes(
    names: readonly NamespacedName[],
    window: TimeWindow,
    options: CallOptions,
  ): Promise<WorkloadAnswer<readonly WorkloadChange[]>>;
}
