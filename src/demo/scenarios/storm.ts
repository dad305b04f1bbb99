/** A dependency shared by many that takes them down with it. */
import { type Scenario, withImage } from "./scenario.js";

/** One cause, many symptoms. */
export const storm: Scenario = {
  name: "storm",
  story: "A new image of a service that ten others need fails nine requests in ten, and all ten go down with it.",
  lookAt: "many services failing at once, and the one edge below that explains them all; its rollout",
  expected: "the shared service 90 % 503; the services that need it 500 at about that share",
  settlesAfterMs: 15_000,
  suits: (mesh) => mesh.sharedDependency !== null,
  change: (state, mesh) =>
    mesh.sharedDependency === null
      ? state
      : withImage(state, mesh.sharedDependency.deployment, mesh.sharedDependency.badImage),
};
