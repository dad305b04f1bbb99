/** Writes dashboards/*.json and dashboards/rules: `npm run dashboards`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { allDashboards } from "./all-dashboards.js";
import { dashboardText } from "./dashboard-text.js";
import { rulesText } from "./recording-rules.js";

const folder = new URL("../../../dashboards/", import.meta.url);
for (const dashboard of allDashboards) {
  const file = `${dashboard.uid}.json`;
  writeFileSync(new URL(file, folder), dashboardText(dashboard));
  process.stdout.write(`dashboards/${file}\n`);
}
mkdirSync(new URL("rules/", folder), { recursive: true });
for (const mesh of ["istio", "linkerd"] as const) {
  const file = `rules/meshlens-${mesh}.yaml`;
  writeFileSync(new URL(file, folder), rulesText(mesh));
  process.stdout.write(`dashboards/${file}\n`);
}
