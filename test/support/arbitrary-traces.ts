/** Any trace the port allows, for property tests. */
import fc from "fast-check";
import type { Span, Trace } from "../../src/telemetry/trace-source.js";

const hexDigits = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

/** A normalised trace id that is not all zeros. */
export const arbitraryTraceId = hexDigits(32).map((id) => (/^0+$/.test(id) ? id.replace(/0$/, "1") : id));

/** A normalised span id that is not all zeros. */
export const arbitrarySpanId = hexDigits(16).map((id) => (/^0+$/.test(id) ? id.replace(/0$/, "1") : id));

const text = fc.string({ unit: "grapheme" });
const tags = fc.dictionary(fc.oneof(text, fc.constant("__proto__"), fc.constant("constructor")), text, { maxKeys: 4 });

/** Microseconds since the epoch as ms with a fraction. */
export const arbitraryInstantMs = fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((us) => us / 1000);

const span: fc.Arbitrary<Span> = fc.record({
  spanId: arbitrarySpanId,
  parentSpanId: fc.option(arbitrarySpanId),
  isShared: fc.boolean(),
  serviceName: text,
  operation: text,
  kind: fc.constantFrom(null, "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"),
  startMs: arbitraryInstantMs,
  durationMs: fc.integer({ min: 0, max: 1e12 }).map((us) => us / 1000),
  status: fc.constantFrom("UNSET", "OK", "ERROR"),
  tags,
  events: fc.array(fc.record({ atMs: arbitraryInstantMs, name: text, attributes: tags }), { maxLength: 3 }),
});

export const arbitraryTrace: fc.Arbitrary<Trace> = fc.record({
  traceId: arbitraryTraceId,
  spans: fc.array(span, { minLength: 1, maxLength: 5 }),
  isComplete: fc.boolean(),
});
