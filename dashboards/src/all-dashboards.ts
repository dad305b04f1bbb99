/** All dashboards in the order of a tour: from the mesh down to a cause, then what stands around it. */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { controlPlane } from "./boards/control-plane.js";
import { edge } from "./boards/edge.js";
import { egress } from "./boards/egress.js";
import { investigation } from "./boards/investigation.js";
import { mesh } from "./boards/mesh.js";
import { self } from "./boards/self.js";
import { service } from "./boards/service.js";
import { sloDetail } from "./boards/slo-detail.js";
import { sloOverview } from "./boards/slo-overview.js";
import { workload } from "./boards/workload.js";

/** Every dashboard; the file of each is its uid. */
export const allDashboards: readonly Dashboard[] = [
  mesh,
  service,
  workload,
  edge,
  sloOverview,
  sloDetail,
  investigation,
  egress,
  controlPlane,
  self,
];
