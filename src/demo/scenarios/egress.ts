/** The way out of the mesh: closed by mistake, or used much more than before. */
import { coversImage } from "../meshes/bookinfo/bookinfo-images.js";
import { hasBookinfo, type Scenario, withImage, withoutConfig } from "./scenario.js";

/** The way out is gone. */
export const egressBlocked: Scenario = {
  name: "egress-blocked",
  story: "The ServiceEntry for Firestore is deleted; connections of details fall into the black hole.",
  lookAt: "the graph: details to a BLACK_HOLE node, every connection failed; details 500, pages still 200",
  expected: "details all 500; TCP connections to BlackHoleCluster `UH`, 0 bytes; productpage ERROR per page",
  settlesAfterMs: 0,
  suits: hasBookinfo,
  change: (state) => withoutConfig(state, "ServiceEntry/bookinfo/firestore"),
};

/** The way out is used more. */
export const egressFirestore: Scenario = {
  name: "egress-firestore",
  story: "A new image of details fetches cover pictures from Firestore too, a hundred times the bytes.",
  lookAt: "details' edge to firestore.googleapis.com: allowed, connections and bytes, no latency; the rollout",
  expected: "one connection per page, 56 bytes sent and 48,200 received instead of 442; nothing fails",
  settlesAfterMs: 10_000,
  suits: hasBookinfo,
  change: (state) => withImage(state, "bookinfo/details-v1", coversImage),
};
