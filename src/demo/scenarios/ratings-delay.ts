/** A delay injected for one user that nobody's error rate shows: the classic of Bookinfo's guide, in two forms. */
import { forUser, toSubset, virtualService } from "../meshes/bookinfo/bookinfo-config.js";
import { hasBookinfo, type Scenario, withConfig } from "./scenario.js";

const delayedForJason = virtualService("ratings", [
  {
    match: forUser("jason"),
    fault: { delay: { fixedDelay: "7s", percentage: { value: 100 } } },
    route: [toSubset("ratings", "v1")],
  },
  { route: [toSubset("ratings", "v1")] },
]);

/** The caller's caller gives up: `DC` on both sides. */
export const ratingsDelay: Scenario = {
  name: "ratings-delay",
  story: "Every call to ratings made for jason waits 7 s; productpage gives up on reviews after 3 s, twice.",
  lookAt: "calls of reviews v2: CALLER_GAVE_UP after 3 s, while ratings itself answers in 5 ms; the slow trace",
  expected:
    "jason's pages 200 after 6.0 s; productpage to reviews-v2 status 0 `DC` at 3000 ms, two per page; reviews-v2 to ratings 200 `DI` at 7000 ms",
  settlesAfterMs: 0,
  suits: hasBookinfo,
  change: (state) => withConfig(state, delayedForJason),
};

/** The caller gives up while the fault still holds the call: `DI,DC`. */
export const ratingsDelayV3: Scenario = {
  name: "ratings-delay-v3",
  story: "The same delay, but jason is served by reviews v3, which gives up on ratings after 2.5 s.",
  lookAt: "reviews-v3 to ratings: `DI,DC` with no row of ratings' own; jason's pages without stars",
  expected: "jason's pages 200 after 2.5 s; reviews-v3 to ratings status 0 `DI,DC` at 2500 ms, never seen by ratings",
  settlesAfterMs: 0,
  suits: hasBookinfo,
  change: (state) =>
    withConfig(
      withConfig(state, delayedForJason),
      virtualService("reviews", [
        { match: forUser("jason"), route: [toSubset("reviews", "v3")] },
        { route: [toSubset("reviews", "v1", 33), toSubset("reviews", "v2", 33), toSubset("reviews", "v3", 34)] },
      ]),
    ),
};
