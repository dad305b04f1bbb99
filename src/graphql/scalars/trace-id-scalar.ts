/** The scalar TraceId: any spelling in, 32 lower-case hex digits inside and out. */
import { normaliseTraceId } from "../../telemetry/trace-id.js";
import { defineScalar } from "./define-scalar.js";

export const traceIdScalar = defineScalar(
  "TraceId",
  (text) => (text.length > 64 ? null : normaliseTraceId(text)),
  String,
  "Give 1 to 32 hex digits that are not all zero.",
);
