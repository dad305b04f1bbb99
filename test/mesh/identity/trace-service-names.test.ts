import { describe, expect, test } from "@jest/globals";
import { chooseName, createTraceServiceNames } from "../../../src/mesh/identity/trace-service-names.js";
import { sidecarSpan, trace } from "../../support/spans.js";
import { holding } from "../evidence/make-reader.js";

const reviews = { cluster: "default", namespace: "bookinfo", name: "reviews" };

describe("the name of a service in a trace backend", () => {
  test.each([
    [["reviews", "reviews.bookinfo", "reviews.other"], "reviews.bookinfo"],
    [["reviews-v2.bookinfo", "reviews"], "reviews-v2.bookinfo"],
    [["REVIEWS.Bookinfo"], "REVIEWS.Bookinfo"],
    [["reviews", "ratings"], "reviews"],
    [["reviews.other", "ratings"], null],
    [[], null],
  ])("of %j is %j", (known, expected) => {
    expect(chooseName(reviews, ["reviews-v2"], known)).toBe(expected);
  });
});

describe("names learned from a backend", () => {
  test("are kept for a minute, a missing one for 5 s", async () => {
    let nowMs = 1_000_000;
    let asked = 0;
    const source = holding("jaeger", []);
    const names = createTraceServiceNames({ nowMs: () => nowMs });
    const options = {
      signal: new AbortController().signal,
      deadlineMs: Date.now() + 20_000,
      onUpstreamCall: () => {
        asked += 1;
      },
    };
    const nameAfter = async (ms: number) => {
      nowMs += ms;
      return [await names.nameIn(source, reviews, [], options), asked];
    };
    expect(await nameAfter(0)).toEqual([null, 1]);
    source.append([trace("a1", [sidecarSpan("reviews", "SERVER", "1", null)])]);
    expect(await nameAfter(4_000)).toEqual([null, 1]);
    expect(await nameAfter(2_000)).toEqual(["reviews.bookinfo", 2]);
    expect(await nameAfter(59_000)).toEqual(["reviews.bookinfo", 2]);
    expect(await nameAfter(2_000)).toEqual(["reviews.bookinfo", 3]);
    expect(names.knownIn("jaeger", reviews, [])).toBe("reviews.bookinfo");
    expect(names.knownIn("zipkin", reviews, [])).toBeNull();
  });
});
