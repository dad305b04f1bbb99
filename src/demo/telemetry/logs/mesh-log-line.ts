/** A line on a container's standard output in the simulated mesh, before any shipper wraps it. */
import type { LogLevel } from "../../../telemetry/log-source.js";
import type { MeshPod } from "../../simulation/mesh-model.js";

/** One JSON line with what it says of itself. */
export interface MeshLogLine {
  readonly pod: MeshPod;
  /** The application's name, or `istio-proxy`. */
  readonly container: string;
  /** Epoch ms the line bears: a proxy gives its line the time the request began. */
  readonly atMs: number;
  /** Epoch ms from which on it is there: a proxy writes it when the request has ended. */
  readonly writtenMs: number;
  /** Its keys and values, in order. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** UNKNOWN for an access log's. */
  readonly level: LogLevel;
  /** Null for an access log's, which is all fields. */
  readonly message: string | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly requestId: string | null;
}
