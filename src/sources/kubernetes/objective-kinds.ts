/** The kinds that hold objectives, and what OpenSLO's refer to: read where the source's `objectives` is on. The shipped ClusterRole grants these too. */
import type { ReadKind } from "./read-kinds.js";

const plurals: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "sloth.slok.dev": { prometheusservicelevels: "PrometheusServiceLevel" },
  "pyrra.dev": { servicelevelobjectives: "ServiceLevelObjective" },
  "openslo.com": {
    slos: "SLO",
    slis: "SLI",
    services: "Service",
    alertpolicies: "AlertPolicy",
    alertconditions: "AlertCondition",
    datasources: "Datasource",
  },
};

/** All of them. */
export const objectiveKinds: readonly ReadKind[] = Object.entries(plurals).flatMap(([group, kinds]) =>
  Object.entries(kinds).map(
    ([plural, kind]): ReadKind => ({
      group,
      kind,
      plural,
      version: null,
      isNamespaced: true,
      form: "whole",
      purposes: [],
      turn: 1,
      fieldSelector: null,
    }),
  ),
);
