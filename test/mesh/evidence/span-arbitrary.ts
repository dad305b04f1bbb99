/** Any trace a backend may answer, however broken: for property tests. */
import fc from "fast-check";
import type { Span, SpanKind } from "../../../src/telemetry/trace-source.js";
import { span, t0 } from "../../support/spans.js";

const ids = ["a", "b", "c", "d", "e", "f"];
const kinds: readonly (SpanKind | null)[] = ["CLIENT", "SERVER", "INTERNAL", "PRODUCER", "CONSUMER", null];

/** Few ids, so that parents are often missing, shared, doubled or circular; durations may be zero. */
export const anySpans: fc.Arbitrary<readonly Span[]> = fc.array(
  fc
    .record({
      id: fc.constantFrom(...ids),
      parentId: fc.option(fc.constantFrom(...ids)),
      isShared: fc.boolean(),
      kind: fc.constantFrom(...kinds),
      startUs: fc.integer({ min: -20_000, max: 20_000 }),
      durationUs: fc.integer({ min: 0, max: 30_000 }),
    })
    .map(({ id, parentId, startUs, durationUs, ...rest }) =>
      span(id, parentId, { ...rest, startMs: t0 + startUs / 1000, durationMs: durationUs / 1000 }),
    ),
  { maxLength: 14 },
);
