/** Connections to hosts outside the mesh: let out, declared, or dropped. Called by http-calls.ts for the applications. */
import type { Network } from "./application.js";
import { drawMs, type Random } from "./random.js";
import type { World } from "./world.js";

const noFlags: readonly string[] = [];
const noUpstream: readonly string[] = ["UH"];

/** How connections are made in a world. A host nobody declared is dropped at once where only the registry is allowed. */
export function createTcpCalls(world: World, course: Random): Network["tcp"] {
  return (served, to, startMs) => {
    const way = world.wayOut(served.pod.workload.namespace, to.host, to.port);
    if (way.target === "BlackHoleCluster")
      return {
        kind: "tcp",
        source: served.pod,
        target: way.target,
        upstreamHost: null,
        startMs,
        endMs: startMs + 0.1,
        flags: noUpstream,
        sentBytes: 0,
        receivedBytes: 0,
      };
    return {
      kind: "tcp",
      source: served.pod,
      target: way.target,
      upstreamHost: way.address,
      startMs,
      endMs: startMs + drawMs(course, way.latency),
      flags: noFlags,
      sentBytes: to.sentBytes,
      receivedBytes: to.receivedBytes,
    };
  };
}
