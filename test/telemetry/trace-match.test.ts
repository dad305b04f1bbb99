import { expect, test } from "@jest/globals";
import { type SpanConditions, spanMatches } from "../../src/telemetry/trace-match.js";
import { span } from "../support/spans.js";

const any: SpanConditions = {
  serviceName: "reviews",
  minDurationMs: null,
  maxDurationMs: null,
  errorsOnly: false,
  tags: {},
};
const one = span("a", null, { serviceName: "reviews", ms: 20, tags: { colour: "red" } });

test.each<[string, Partial<SpanConditions>, boolean]>([
  ["its service", {}, true],
  ["another service", { serviceName: "Reviews" }, false],
  ["its duration as both bounds", { minDurationMs: 20, maxDurationMs: 20 }, true],
  ["a longer minimum", { minDurationMs: 20.001 }, false],
  ["a shorter maximum", { maxDurationMs: 19.999 }, false],
  ["errors only", { errorsOnly: true }, false],
  ["its tag", { tags: { colour: "red" } }, true],
  ["a tag of another value", { tags: { colour: "re" } }, false],
  ["a tag it does not have, though every object has such a property", { tags: { constructor: "" } }, false],
])("a span is asked for by %s", (_, given, matches) => {
  expect(spanMatches(one, { ...any, ...given })).toBe(matches);
});
