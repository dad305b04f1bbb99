/** The recorded spans in Jaeger or Zipkin: sent as Zipkin v2 JSON, then read back until every trace has all its spans. */
import { normaliseTraceId } from "../../../src/telemetry/trace-id.js";
import { readExpected, readFixture } from "../../support/bookinfo/fixture-files.js";
import { fetchText, posting } from "./http-json.js";
import { waitUntil } from "./wait-until.js";

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

/** Sends what is missing: a server that was fed by an earlier run would otherwise hold every span twice. */
export async function loadSpans(receiver: SpanReceiver): Promise<string> {
  const { traces } = readExpected();
  const lines = readFixture("spans").split("\n").filter(Boolean);
  for (let at = 0; at < traces.length; at += tracesPerCall) {
    const part = traces.slice(at, at + tracesPerCall);
    const missing = async () => {
      const found = await receiver.spanCounts(part.map((trace) => trace.traceId));
      const held = new Map(found.map(([id, spans]) => [normaliseTraceId(id), spans]));
      return part.flatMap((trace, index) =>
        held.get(normaliseTraceId(trace.traceId)) === trace.spans ? [] : [at + index],
      );
    };
    const toSend = (await missing()).flatMap((index) => JSON.parse(lines[index] ?? "[]"));
    if (toSend.length === 0) continue;
    if (receiver.ingestUrl === null) {
      throw new Error(
        `${receiver.server} does not hold the recorded mesh: name its Zipkin receiver by ${receiver.ingestVariable}.`,
      );
    }
    await fetchText(`${receiver.ingestUrl}/api/v2/spans`, posting("application/json", JSON.stringify(toSend)));
    const holdsAll = async () => {
      const left = await missing();
      if (left.length > 0)
        throw new Error(`${left.length} traces lack spans, the first ${traces[left[0] ?? 0]?.traceId}`);
      return true;
    };
    await waitUntil(`traces in ${receiver.server}`, holdsAll, { limitMs: 30_000 });
  }
  const spans = traces.reduce((sum, trace) => sum + trace.spans, 0);
  return `${spans} spans in ${traces.length} traces`;
}
