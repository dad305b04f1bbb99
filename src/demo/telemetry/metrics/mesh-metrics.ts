/** The counters of all proxies of a simulated mesh, whatever its vocabulary. Fed by the simulation, scraped by the demo. */
import type { Exchange } from "../../simulation/exchange.js";
import type { MeshPod } from "../../simulation/mesh-model.js";
import type { SampleSink } from "./metric-series.js";

/** Counters of every proxy. Times of `restartPod`, `removePod` and `scrapeAt` must not run backwards. */
export interface MeshMetrics {
  /** Takes a call with all below it. Each part counts from its own end on, so the call may lie in the future. */
  record(exchange: Exchange): void;
  /** Its target answers scrapes from now on: `up` is 1 before its proxy saw any request. */
  addPod(pod: MeshPod): void;
  /** Its proxy's counters begin anew: what ended by `atMs` is forgotten. */
  restartPod(pod: MeshPod, atMs: number): void;
  /** Its series end, whatever of its requests ends later. It never comes back: another pod has another name. */
  removePod(pod: MeshPod, atMs: number): void;
  /** One sample for each series, with all that ended by `atMs`. A series has none before its first event in the life of its proxy. */
  scrapeAt(atMs: number, sink: SampleSink): void;
}
