/** Spans for Jaeger or Zipkin: sent as Zipkin v2 JSON, then read back until every trace has all its spans. */
import { normaliseTraceId } from "../../../src/telemetry/trace-id.js";
import { readFixture } from "../../support/bookinfo/fixture-files.js";
import { waitUntil } from "../../support/wait-until.js";
import { fetchText, posting } from "./http-json.js";

/** A server that takes Zipkin's JSON. */
export interface SpanReceiver {
  readonly server: string;
  /** Null when a named server's receiver is not named. */
  readonly ingestUrl: string | null;
  /** The environment variable that names the receiver. */
  readonly ingestVariable: string;
  /** The number of spans held, by trace id; traces it does not know are left out. */
  spanCounts(traceIds: readonly string[]): Promise<readonly (readonly [traceId: string, spans: number])[]>;
}

const tracesPerCall = 50;

/** Spans of one trace in Zipkin's v2 JSON. */
export type WireTrace = readonly { readonly traceId: string }[];

/** Sends the recorded mesh, and says how much it is. */
export async function loadSpans(receiver: SpanReceiver): Promise<string> {
  const lines = readFixture("spans").split("\n").filter(Boolean);
  const traces = lines.map((line): WireTrace => JSON.parse(line));
  await feedTraces(receiver, traces);
  return `${traces.flat().length} spans in ${traces.length} traces`;
}

/**
 * Returns when every trace can be read back with all its spans. Only what is missing is sent: a server that was fed by an earlier run
 * would otherwise hold every span twice.
 */
export async function feedTraces(receiver: SpanReceiver, traces: readonly WireTrace[]): Promise<void> {
  for (let at = 0; at < traces.length; at += tracesPerCall) {
    const part = traces.slice(at, at + tracesPerCall);
    const missing = async (): Promise<WireTrace[]> => {
      const found = await receiver.spanCounts(part.map(idOf));
      const held = new Map(found.map(([id, spans]) => [normaliseTraceId(id), spans]));
      return part.filter((trace) => held.get(normaliseTraceId(idOf(trace))) !== trace.length);
    };
    const toSend = await missing();
    if (toSend.length === 0) continue;
    if (receiver.ingestUrl === null) {
      throw new Error(
        `${receiver.server} does not hold the traces of this suite: name its Zipkin receiver by ${receiver.ingestVariable}.`,
      );
    }
    const body = JSON.stringify(toSend.flat());
    await fetchText(`${receiver.ingestUrl}/api/v2/spans`, posting("application/json", body));
    const holdsAll = async () => {
      const [first, ...others] = await missing();
      if (first) throw new Error(`${others.length + 1} traces lack spans or hold too many, the first ${idOf(first)}`);
      return true;
    };
    await waitUntil(`traces in ${receiver.server}`, holdsAll, { limitMs: 30_000 });
  }
}

function idOf(trace: WireTrace): string {
  return trace[0]?.traceId ?? "";
}
