/** A Kubernetes source as tests want it: over plain http, in a hurry, with a clock that may be set. */
import { createHttpClient } from "../../src/http/create-http-client.js";
import {
  createKubernetesSource,
  type KubernetesSource,
  type KubernetesSourceConfig,
} from "../../src/sources/kubernetes/kubernetes-source.js";
import type { WatchTimings } from "../../src/sources/kubernetes/watch-timings.js";
import type { Clock } from "../../src/telemetry/clock.js";
import type { CallOptions } from "../../src/telemetry/source.js";
import type { SourceConnection } from "../../src/telemetry/source-connection.js";
import { kubeNowMs } from "./kube-objects.js";

/** A clock that stands where it is put. */
export interface SetClock extends Clock {
  atMs: number;
}

/** Standing at kubeNowMs. */
export function createSetClock(): SetClock {
  const clock = { atMs: kubeNowMs, nowMs: () => clock.atMs };
  return clock;
}

/** Pauses of a few milliseconds. */
export const hurry: WatchTimings = {
  pageObjects: 3,
  watchSeconds: 300,
  idleMs: 60_000,
  firstPauseMs: 5,
  longestPauseMs: 40,
  absentMs: 30,
};

/** A source of an API server. */
export function kubernetesSourceOf(
  url: string,
  clock: Clock,
  config: Partial<KubernetesSourceConfig> = {},
  timings: Partial<WatchTimings> = {},
  connection: Partial<SourceConnection> = {},
): KubernetesSource {
  return createKubernetesSource({
    config: {
      name: "kube",
      cluster: null,
      isShard: false,
      namespaces: null,
      tokenFile: null,
      unusable: null,
      maxAgeMs: 21_600_000,
      maxChanges: 1_000,
      ...config,
    },
    http: createHttpClient({ name: "kube", url, timeoutMs: 20_000, maxConcurrent: 6, ...connection }, { clock }),
    clock,
    timings: { ...hurry, ...timings },
    random: () => 0.5,
  });
}

/** Terms of a call, twenty seconds by its clock. */
export function soon(clock: Clock, given: Partial<CallOptions> = {}): CallOptions {
  return { signal: new AbortController().signal, deadlineMs: clock.nowMs() + 20_000, ...given };
}
