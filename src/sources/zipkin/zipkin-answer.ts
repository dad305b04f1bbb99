/** Bodies of Zipkin's trace answers → traces: small ones here, big ones in a worker, which loads this same module. */
import type { OffLoop, OffLoopFunction } from "../../http/off-loop.js";
import { parseJson } from "../../http/read-json.js";
import { type DecodedTraces, packTraces, unpackTraces } from "../../telemetry/packed-traces.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { SpanConditions } from "../../telemetry/trace-match.js";
import { decodeZipkin } from "./zipkin-decode.js";

/** Bodies from here on are decoded off the loop; below, parsing takes some 10 ms and a worker's start costs more. */
const offLoopBytes = 1 << 20;

/** How to read a body: `isOneTrace` for `/trace/{id}`, which answers the spans of one trace without a list around them. */
export interface ZipkinAnswerForm {
  readonly source: string;
  readonly isOneTrace: boolean;
  readonly conditions: SpanConditions | null;
}

/** Decodes one body of traces. @throws MESHLENS_ERR_SOURCE_DECODE and what OffLoop.run throws */
export async function decodeTraces(
  body: Uint8Array,
  form: ZipkinAnswerForm,
  offLoop: OffLoop,
  options: CallOptions,
): Promise<DecodedTraces> {
  if (body.byteLength < offLoopBytes) return decode(body, form);
  return unpackTraces(await offLoop.run({ module: import.meta.url, bytes: body, argument: form }, options));
}

/** What the worker calls. */
export const decodeOffLoop: OffLoopFunction = (bytes, argument) =>
  packTraces(decode(bytes, argument as ZipkinAnswerForm));

function decode(body: Uint8Array, { source, isOneTrace, conditions }: ZipkinAnswerForm): DecodedTraces {
  const answer = parseJson(source, body);
  return decodeZipkin(source, isOneTrace ? [answer] : answer, conditions);
}
