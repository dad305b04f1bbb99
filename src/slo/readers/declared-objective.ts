/** An objective as its file declares it: what the engine runs, and the names and texts that rules and other formats keep. Made by the readers. */
import type { Objective, ObjectiveOrigin } from "../objective.js";
import { percentOf } from "../target.js";

/** What an alert of one severity carries. */
export interface AlertTexts {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Names and labels of an objective as Sloth's rules know them; every format has them or is given them. */
export interface DeclaredNames {
  /** The service as written; not always that of the mesh. */
  readonly service: string;
  /** Unique within `service`. */
  readonly slo: string;
  /** Labels of every rule. */
  readonly labels: Readonly<Record<string, string>>;
  readonly alertName: string | null;
  /** Null where the file switches this severity off. */
  readonly page: AlertTexts | null;
  readonly ticket: AlertTexts | null;
  /** The target in percent, as written: `99.9`. */
  readonly targetPercent: string;
  /** The format's name for itself: `prometheus/v1`, `openslo/v1`. */
  readonly spec: string;
}

/** An objective with its names. */
export interface DeclaredObjective {
  readonly objective: Objective;
  readonly names: DeclaredNames;
}

const noTexts: AlertTexts = { labels: {}, annotations: {} };

/** The names of an objective whose format has none of its own. */
export function usualNames(objective: Objective): DeclaredNames {
  return {
    // Sloth's names know no namespaces: two services of one name must not share a series.
    service: `${objective.service.namespace}/${objective.service.name}`,
    slo: objective.name,
    labels: {},
    alertName: null,
    page: noTexts,
    ticket: noTexts,
    targetPercent: percentOf(objective.target),
    spec: specs[objective.origin.kind],
  };
}

const specs: Readonly<Record<ObjectiveOrigin["kind"], string>> = {
  openslo: "openslo/v1",
  sloth: "prometheus/v1",
  pyrra: "pyrra.dev/v1alpha1",
  meshlens: "meshlens/v1",
  default: "meshlens/v1",
};
