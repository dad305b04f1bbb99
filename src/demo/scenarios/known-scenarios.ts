/** The scenarios there are, in the order they are shown in. Read by the simulation, the command and docs/reference/demo.md. */
import { MeshlensError } from "../../errors.js";
import type { MeshDefinition } from "../simulation/mesh-definition.js";
import { canarySplit } from "./canary-split.js";
import { crashloop } from "./crashloop.js";
import { egressBlocked, egressFirestore } from "./egress.js";
import { healthy } from "./healthy.js";
import { mysqlSlow } from "./mysql-slow.js";
import { ratingsAbort } from "./ratings-abort.js";
import { ratingsDelay, ratingsDelayV3 } from "./ratings-delay.js";
import { rbacDenied } from "./rbac-denied.js";
import { retriesMask } from "./retries-mask.js";
import type { Scenario } from "./scenario.js";
import { storm } from "./storm.js";

/** Every scenario. */
export const knownScenarios: readonly Scenario[] = [
  healthy,
  ratingsDelay,
  ratingsDelayV3,
  ratingsAbort,
  canarySplit,
  retriesMask,
  rbacDenied,
  egressBlocked,
  egressFirestore,
  mysqlSlow,
  crashloop,
  storm,
];

/** The scenarios a mesh can play. */
export function scenariosOf(mesh: MeshDefinition): readonly Scenario[] {
  return knownScenarios.filter((scenario) => scenario.suits(mesh));
}

/** The scenario of a name. @throws MESHLENS_ERR_DEMO_SCENARIO when there is none the mesh can play */
export function scenarioFor(mesh: MeshDefinition, name: string): Scenario {
  const playable = scenariosOf(mesh);
  const scenario = playable.find((one) => one.name === name);
  if (scenario !== undefined) return scenario;
  const isKnown = knownScenarios.some((one) => one.name === name);
  const why = isKnown ? `The mesh ${mesh.name} cannot play the scenario ${name}` : `There is no scenario ${name}`;
  throw new MeshlensError(
    "MESHLENS_ERR_DEMO_SCENARIO",
    `${why}; choose one of ${playable.map((one) => one.name).join(", ")}.`,
  );
}
