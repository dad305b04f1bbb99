import { expect, test } from "@jest/globals";
import { normaliseSpanId } from "../../src/telemetry/span-id.js";
import { uniqueTraceIds } from "../../src/telemetry/trace-id.js";

test.each([
  ["B7AD6B7169203331", "b7ad6b7169203331"],
  ["a", "000000000000000a"],
  [" 0b ", "000000000000000b"],
  ["0000000000000000", null],
  ["", null],
  ["xyz", null],
  ["b7ad6b71692033310", null],
])("the span id %j is %s", (text, expected) => {
  expect(normaliseSpanId(text)).toBe(expected);
});

test("ids in several spellings are asked for once, texts that are none not at all", () => {
  const long = "1".padStart(32, "0");
  expect(uniqueTraceIds(["1", long, "0000000000000001", "*", "", "../x", "2"])).toEqual([long, "2".padStart(32, "0")]);
});
