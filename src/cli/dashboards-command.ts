/** `meshlens dashboards`: writes the package's Grafana dashboards, adapted to an installation. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { errorWord } from "../config/source-connection.js";
import { MeshlensError } from "../errors.js";
import { adaptDashboard } from "../grafana/adapt-dashboard.js";
import { type ExitCode, runCommand, UsageError } from "./command-line.js";

interface DashboardsOptions {
  readonly out: string;
  readonly mesh?: "istio" | "linkerd";
  readonly prefix?: string;
  readonly datasourceUid?: string;
}

/** The command for main.ts. */
export function dashboardsCommand(): Command {
  return new Command("dashboards")
    .description("write the Grafana dashboards as JSON, for import or file provisioning")
    .requiredOption("--out <dir>", "folder to write to; it is made when it is not there")
    .option("--mesh <mesh>", "only this mesh's queries: istio or linkerd (default: both, by a variable)", readMesh)
    .option("--prefix <text>", "put before every uid and title, so that two sets stand side by side", readPrefix)
    .option("--datasource-uid <uid>", "uid of the Prometheus datasource chosen at first", readUid)
    .addHelpText(
      "after",
      "\nExit codes: 0 written, 1 the package is incomplete, 2 wrong use or the folder cannot be written.",
    )
    .action((options: DashboardsOptions) => runCommand(async () => writeDashboards(options)));
}

function writeDashboards({ out, mesh, prefix, datasourceUid }: DashboardsOptions): ExitCode {
  const adaptation = { mesh: mesh ?? null, prefix: prefix ?? null, datasourceUid: datasourceUid ?? null };
  const dashboards = packagedDashboards();
  try {
    mkdirSync(out, { recursive: true });
    for (const { name, json } of dashboards) {
      const file = join(out, `${prefix ?? ""}${name}`);
      writeFileSync(file, `${JSON.stringify(adaptDashboard(json, adaptation), null, 2)}\n`);
      process.stdout.write(`${file}\n`);
    }
  } catch (error) {
    throw new UsageError(`--out ${out} cannot be written (${errorWord(error)})`);
  }
  return 0;
}

function packagedDashboards(): readonly {
  readonly name: string;
  readonly json: Parameters<typeof adaptDashboard>[0];
}[] {
  const folder = new URL("../../../dashboards/", import.meta.url);
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => ({ name, json: JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));
  } catch (error) {
    const message = `The dashboards cannot be read from ${folder.pathname}: the installation is incomplete, install Meshlens again.`;
    throw new MeshlensError("MESHLENS_ERR_INTERNAL", message, { at: folder.pathname }, error);
  }
}

function readMesh(text: string): "istio" | "linkerd" {
  if (text === "istio" || text === "linkerd") return text;
  throw new InvalidArgumentError("Give istio or linkerd.");
}

/** Grafana takes letters, digits, `-` and `_` in uids, 40 at most; the longest of ours has 22. */
function readPrefix(text: string): string {
  if (/^[a-zA-Z0-9_-]{1,18}$/.test(text)) return text;
  throw new InvalidArgumentError("Give 1 to 18 letters, digits, - or _: it becomes part of uids.");
}

function readUid(text: string): string {
  if (/^[a-zA-Z0-9_-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "Give the uid of the datasource's settings page: letters, digits, - or _, 40 at most.",
  );
}
