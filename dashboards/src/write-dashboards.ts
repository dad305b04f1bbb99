/** Writes dashboards/*.json: `npm run dashboards`. */
import { writeFileSync } from "node:fs";
import { allDashboards } from "./all-dashboards.js";
import { dashboardText } from "./dashboard-text.js";

const folder = new URL("../../../dashboards/", import.meta.url);
for (const dashboard of allDashboards) {
  const file = `${dashboard.uid}.json`;
  writeFileSync(new URL(file, folder), dashboardText(dashboard));
  process.stdout.write(`dashboards/${file}\n`);
}
