/** A canary that is worse than what it replaces. */
import { toSubset, virtualService } from "../meshes/bookinfo/bookinfo-config.js";
import { worseReviewsImage } from "../meshes/bookinfo/bookinfo-images.js";
import { hasBookinfo, type Scenario, withConfig, withImage } from "./scenario.js";

/** A comparison of two versions. */
export const canarySplit: Scenario = {
  name: "canary-split",
  story: "Reviews are split evenly between v2 and a new image of v3, which is slower and fails one request in twelve.",
  lookAt: "reviews by version: v3 has all the errors and most of the latency, v1 has no traffic",
  expected:
    "v2 and v3 about half of the calls each; v3 8 % failed with 500 and 90 ms slower; productpage's second try hides most",
  settlesAfterMs: 15_000,
  suits: hasBookinfo,
  change: (state) =>
    withConfig(
      withImage(state, "bookinfo/reviews-v3", worseReviewsImage),
      virtualService("reviews", [{ route: [toSubset("reviews", "v2", 50), toSubset("reviews", "v3", 50)] }]),
    ),
};
