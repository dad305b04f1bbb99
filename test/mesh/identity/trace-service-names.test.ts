import { describe, expect, test } from "@jest/globals";
import { chooseName } from "../../../src/mesh/identity/trace-service-names.js";

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
