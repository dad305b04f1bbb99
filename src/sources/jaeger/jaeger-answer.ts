/** Bodies of Jaeger's trace answers → traces: small ones here, big ones in a worker, which loads this same module. */
import type { OffLoop, OffLoopFunction } from "../../http/off-loop.js";
import { parseJson } from "../../http/read-json.js";
import { type DecodedTraces, packTraces, unpackTraces } from "../../telemetry/packed-traces.js";
import type { CallOptions } from "../../telemetry/source.js";
import { decodeJaegerJson } from "./jaeger-json-decode.js";
import { decodeJaegerOtlp } from "./jaeger-otlp-decode.js";

/** Which of Jaeger's two APIs an answer is of. */
export type JaegerApi = "json" | "v3";

/** Bodies from here on are decoded off the loop; below, parsing takes some 10 ms and a worker's start costs more. */
const offLoopBytes = 1 << 20;

interface Argument {
  readonly source: string;
  readonly api: JaegerApi;
}

/** Decodes one body of traces. @throws MESHLENS_ERR_SOURCE_DECODE and what OffLoop.run throws */
export async function decodeTraces(
  body: Uint8Array,
  argument: Argument,
  offLoop: OffLoop,
  options: CallOptions,
): Promise<DecodedTraces> {
  if (body.byteLength < offLoopBytes) return decode(body, argument);
  return unpackTraces(await offLoop.run({ module: import.meta.url, bytes: body, argument }, options));
}

/** What the worker calls. */
export const decodeOffLoop: OffLoopFunction = (bytes, argument) => packTraces(decode(bytes, argument as Argument));

function decode(body: Uint8Array, { source, api }: Argument): DecodedTraces {
  const answer = parseJson(source, body);
  return api === "v3" ? decodeJaegerOtlp(source, answer) : decodeJaegerJson(source, answer);
}
