/** The chart's plain form: what Helm makes of it, file by file, without what only Helm needs. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../real/backends/run-command.js";
import { repositoryRoot } from "../repository-root.js";

/** The chart's folder. */
export const chartFolder: string = join(repositoryRoot, "deploy/helm/meshlens");

/** What the API server of the tests is; templates may ask for it. */
const kubeVersion = "1.34.2";

/** What Helm makes of the chart, as one text. @throws Error with what it says when it refuses the values */
export function renderChart(helm: string, values: readonly string[] = []): Promise<string> {
  return runCommand(helm, ["template", "meshlens", chartFolder, ...common, ...values], { remedy: "Mend the chart." });
}

const common = ["--namespace", "meshlens", "--kube-version", kubeVersion];

/** Manifests by path under deploy/kubernetes. */
export async function plainManifests(helm: string): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-chart-"));
  try {
    const monitoring = ["--set", "serviceMonitor.enabled=true,prometheusRule.enabled=true"];
    await renderChart(helm, [...monitoring, "--output-dir", folder]);
    const templates = join(folder, "meshlens/templates");
    const files = new Map<string, string>();
    for (const name of (await readdir(templates)).sort()) {
      const text = await readFile(join(templates, name), "utf8");
      files.set(ofOperator.has(name) ? `monitoring/${name}` : name, plain(text));
    }
    return files;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ofOperator: ReadonlySet<string> = new Set(["service-monitor.yaml", "prometheus-rule.yaml"]);
const header = "# Made from deploy/helm/meshlens with its own values; see kustomization.yaml.\n";

function plain(text: string): string {
  const lines = text
    .split("\n")
    .filter((line) => !/^# Source: |^\s*(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): /.test(line))
    .join("\n")
    // Helm's own promise about uninstalling, and the map that held it alone.
    .replace(/ {2}annotations:\n {4}#[^\n]*\n {4}helm\.sh\/resource-policy: keep\n/, "");
  return `${header}${lines.replace(/^---\n/, "").trimEnd()}\n`;
}
