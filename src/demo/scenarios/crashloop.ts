/** A rollout that gets stuck: the new pod is killed for its memory again and again. */
import { leakingRatingsImage } from "../meshes/bookinfo/bookinfo-images.js";
import { hasBookinfo, type Scenario, withImage } from "./scenario.js";

/** Health explains what metrics only hint at. */
export const crashloop: Scenario = {
  name: "crashloop",
  story: "A new image of ratings-v1 is killed for its memory ten seconds after each start; the rollout never ends.",
  lookAt: "health of ratings: a pod restarting, OOMKilled, the rollout stuck; short bursts of 503 at each crash",
  expected: "a few 503 (`UF` at the pod's own sidecar) in the two seconds after each crash, few in all; restarts grow",
  settlesAfterMs: 15_000,
  suits: hasBookinfo,
  change: (state) => withImage(state, "bookinfo/ratings-v1", leakingRatingsImage),
};
