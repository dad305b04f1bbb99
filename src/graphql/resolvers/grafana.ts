/** The `grafana` root: flat rows, each list in a file of its own. */
import type { GrafanaResolvers } from "../generated/resolver-types.js";
import { grafanaEvidenceResolvers } from "./grafana-evidence.js";
import { grafanaGraphResolvers } from "./grafana-graph.js";
import { grafanaServiceResolvers } from "./grafana-services.js";
import { grafanaSloResolvers } from "./grafana-slos.js";

export const grafanaResolvers: GrafanaResolvers = {
  ...grafanaGraphResolvers,
  ...grafanaServiceResolvers,
  ...grafanaSloResolvers,
  ...grafanaEvidenceResolvers,
};
