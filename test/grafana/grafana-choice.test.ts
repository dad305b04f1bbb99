import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readChoice, readEpochMs } from "../../src/grafana/grafana-choice.js";

describe("the value of a dashboard variable", () => {
  test.each(["", "All", ".*", ".%2A", ".+", ".%2B", "$__all", "%24__all"])("%j is no choice", (text) => {
    expect(readChoice(text)).toBeNull();
  });

  test("whatever Grafana percent-encodes comes out as it went in, quotes and all", () => {
    const name = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((text) => readChoice(text) !== null);
    fc.assert(fc.property(name, (text) => expect(readChoice(encodeURIComponent(text))).toBe(text)));
    expect(readChoice("say%20%22hi%22%5C")).toBe('say "hi"\\');
  });

  test("text that is not percent-encoded is taken as it is", () => {
    expect(readChoice("100%")).toBe("100%");
    // Grafana leaves a variable that the dashboard does not have as it stands: it matches nothing.
    const unknown = `$${"{nothing:percentencode}"}`;
    expect(readChoice(unknown)).toBe(unknown);
  });

  test("epoch ms are whole digits", () => {
    expect(readEpochMs("1769676060000")).toBe(1_769_676_060_000);
    for (const text of ["", "-1", "1.5", "1e3", "now", "9".repeat(20)]) expect(readEpochMs(text)).toBeNull();
  });
});
