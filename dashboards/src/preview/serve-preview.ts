/**
 * `npm run dashboards:preview -- --prometheus URL --meshlens URL [--port N]`: pages that draw each dashboard's layout with real data, for a
 * person to look at before a release. Not Grafana: its panels are not on npm (docs/decisions/0010).
 */
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { allDashboards } from "../all-dashboards.js";
import { drawDashboard, drawPanel, type PreviewPanel } from "./draw-dashboard.js";
import { escapeHtml } from "./format-value.js";
import type { GrafanaValues } from "./grafana-values.js";
import { askTarget, type PreviewTarget } from "./panel-data.js";

const { values: given } = parseArgs({
  options: {
    prometheus: { type: "string" },
    meshlens: { type: "string" },
    port: { type: "string", default: "3999" },
  },
});
const sources = { prometheus: given.prometheus ?? null, meshlens: given.meshlens ?? null };

const style = `body{background:#111217;color:#ccccdc;font:13px sans-serif;margin:12px}a{color:#6e9fff;margin-right:12px}
main{position:relative}h1{font-size:18px;margin:8px 0 0}h2{position:absolute;font-size:14px;margin:0;padding-top:8px;box-sizing:border-box}
section{position:absolute;background:#181b1f;border:1px solid #2b2e34;box-sizing:border-box;display:flex;flex-direction:column;overflow:hidden}
h3{font-size:12px;margin:6px 8px}.figures{display:flex;flex:1;justify-content:space-around;align-items:center}.figures b{font-size:26px;display:block}
.nodata,.problem{flex:1;display:flex;align-items:center;justify-content:center;color:#8e8e8e}.problem{color:#f2495c}
.chart{flex:1;position:relative;min-height:0;margin:0 8px}.chart svg{width:100%;height:100%}.top{position:absolute;font-size:10px;color:#8e8e8e}
.legend{max-height:48px;overflow:hidden;padding:2px 8px;font-size:11px}.legend span{margin-right:10px}.legend i{display:inline-block;width:10px;height:3px;margin-right:4px;vertical-align:middle}
.scroll{overflow:auto;flex:1;margin:0 8px;padding:0}table{border-collapse:collapse;width:100%;font-size:12px}td,th{text-align:left;padding:3px 6px;border-bottom:1px solid #2b2e34;white-space:nowrap;max-width:420px;overflow:hidden;text-overflow:ellipsis}
li{list-style:none;border-left:3px solid;padding:1px 6px;font:11px monospace}time{color:#8e8e8e}.graph{flex:1;min-height:0}.graph text{fill:#ccccdc;font-size:12px;text-anchor:middle}.graph .edge{font-size:9px;fill:#9fa7b3}.graph .stat{font-size:8px}`;

/** The page of a dashboard; null for a uid that is none. */
async function pageOf(uid: string, query: URLSearchParams): Promise<string | null> {
  const dashboard = allDashboards.find((one) => one.uid === uid);
  if (dashboard === undefined) return null;
  const values = valuesOf(query);
  const panels = JSON.parse(JSON.stringify(dashboard.panels)) as (PreviewPanel & { targets?: PreviewTarget[] })[];
  const drawn = await Promise.all(
    panels.map(async (panel) => {
      const data = await Promise.all((panel.targets ?? []).map((target) => askTarget(target, values, sources)));
      return drawPanel(panel, data, values);
    }),
  );
  const links = allDashboards.map(
    ({ uid: other, title }) => `<a href="/d/${other}?${query}">${escapeHtml(title ?? "")}</a>`,
  );
  const head = `<!doctype html><meta charset="utf-8"><title>${escapeHtml(dashboard.title ?? "")}</title><style>${style}</style><nav>${links.join("")}</nav>`;
  return drawDashboard(dashboard, panels, drawn, head);
}

/** `var-service=...&from=<ms>&to=<ms>` as Grafana's own URLs have them. */
function valuesOf(query: URLSearchParams): GrafanaValues {
  const toMs = Number(query.get("to") ?? Date.now());
  const names = ["cluster", "namespace", "service", "caller", "slo"] as const;
  const chosen = names.flatMap((name) => {
    const value = query.get(`var-${name}`);
    return value === null || value === "" || value === "All" ? [] : [[name, value]];
  });
  const mesh = query.get("var-mesh");
  return {
    ...Object.fromEntries(chosen),
    ...(mesh === "Istio" || mesh === "Linkerd" ? { mesh } : {}),
    fromMs: Number(query.get("from") ?? toMs - 3_600_000),
    toMs,
  };
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const uid = pathname === "/" ? (allDashboards[0]?.uid ?? "") : pathname.replace(/^\/d\//, "");
  const page = await pageOf(uid, searchParams).catch((error: unknown) => `<pre>${escapeHtml(String(error))}</pre>`);
  response.writeHead(page === null ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
  response.end(page ?? "There is no such dashboard.");
});
server.listen(Number(given.port), "127.0.0.1", () => {
  process.stdout.write(`The dashboards' preview is at http://127.0.0.1:${given.port}/\n`);
});
