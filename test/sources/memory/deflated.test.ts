import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { deflated, inflated } from "../../../src/sources/memory/deflated.js";

describe("deflated bytes", () => {
  it("come back as they were, in memory of their own", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (plain) => {
        const back = inflated(deflated(plain));
        expect([...back]).toEqual([...plain]);
        expect(back.buffer.byteLength).toBe(plain.length);
      }),
    );
  });

  it("hold no more memory than they are long", () => {
    const packed = deflated("GET /reviews/0 200 ".repeat(1_000));
    expect(packed.length).toBeLessThan(500);
    expect(packed.buffer.byteLength).toBe(packed.length);
  });
});
