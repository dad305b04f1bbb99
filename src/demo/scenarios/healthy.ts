/** The scenario in which nothing is wrong. */
import type { Scenario } from "./scenario.js";

/** The base every other scenario is a change of. */
export const healthy: Scenario = {
  name: "healthy",
  story: "Nothing is wrong; in Bookinfo reviews are spread over three versions and details read Firestore.",
  lookAt: "the page of a service: all calls answered 200, the same counts from both sides",
  expected: "no failed call; page p95 under 30 ms; 8 spans per page, 6 where reviews v1 answered",
  settlesAfterMs: 0,
  suits: () => true,
  change: (state) => state,
};
