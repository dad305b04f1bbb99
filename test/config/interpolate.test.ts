import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { interpolate } from "../../src/config/interpolate.js";

/** `${...}` without writing a template placeholder. */
const ref = (inner: string) => `$\u007b${inner}}`;

describe("interpolate", () => {
  test("a variable is filled in, anywhere in the text and more than once", () => {
    const text = `http://${ref("H")}:${ref("P:-80")}/${ref("H")}`;
    expect(interpolate(text, { H: "x" })).toEqual({ text: "http://x:80/x", isChanged: true });
  });

  test("a default is used when the variable is unset or empty; without a default an empty variable is empty text", () => {
    expect(interpolate(ref("A:-b"), { A: "" })).toMatchObject({ text: "b" });
    expect(interpolate(ref("A"), { A: "" })).toMatchObject({ text: "" });
    expect(interpolate(ref("A:-"), {})).toMatchObject({ text: "" });
  });

  test("every unset variable is named, also those every object has by inheritance", () => {
    const result = interpolate(`${ref("A")}${ref("constructor")}`, {});
    expect(result).toEqual({ unset: ["A", "constructor"], isMalformed: false });
  });

  test("two dollars and a brace stand for the characters", () => {
    expect(interpolate(`$${ref("A")}`, {})).toMatchObject({ text: ref("A") });
  });

  test.each(["$\u007b", ref(""), ref("1A"), ref("A-b"), ref("A B")])(
    "a reference that is none is refused: %s",
    (text) => {
      expect(interpolate(text, { A: "x" })).toMatchObject({ isMalformed: true });
    },
  );

  test("what a variable holds is never read again: any value comes out as it is", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(interpolate(ref("A"), { A: value })).toEqual({ text: value, isChanged: true });
      }),
    );
  });
});
