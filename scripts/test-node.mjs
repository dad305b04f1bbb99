// Runs the compiled unit tests of the rooms that touch Node itself (network, files, database, processes) on other versions of Node, whose
// binaries npm carries: node scripts/test-node.mjs 22.23.3 24.21.0. The other rooms are arithmetic on plain data.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const cache = process.env.MESHLENS_NODES_CACHE || join(homedir(), ".cache", "meshlens", "nodes");

function run(program, args, options) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${error ?? `code ${status}`}`);
}

/** The binary of a version, installed first when the cache lacks it; a run that is killed leaves no half entry. */
function installed(version) {
  const folder = join(cache, version);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const building = mkdtempSync(join(cache, ".building-"));
    const name = `node-${process.platform}-${process.arch}`;
    try {
      run("npm", ["install", "--silent", "--no-save", "--ignore-scripts", "--prefix", building, `${name}@${version}`]);
      renameSync(join(building, "node_modules", name), folder);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  return join(folder, "bin", "node");
}

/** What takes longest, by turns over the versions: each of these files runs on one of them, all others on each. */
const byTurns = [
  "server/alertmanager-webhook",
  "server/overload",
  "sources/kubernetes/kubernetes-faults",
  "sources/jaeger/jaeger-faults",
  "server/slack-server",
  "sources/zipkin/zipkin-faults",
  "server/serve-kubernetes",
  "store/store\\.",
  "sources/prometheus/prometheus-faults",
  "sources/elasticsearch/elasticsearch-faults",
];
/** A minute of documents at random, which no version of Node reads otherwise. */
const nowhere = ["server/fuzz"];

const versions = process.argv.slice(2);
for (const [turn, version] of versions.entries()) {
  const node = installed(version);
  console.log(`test-node: the unit tests on Node ${version}`);
  run(
    node,
    [
      // Simulations throw away most of what they make: fewer collections of it are a fourteenth of their time.
      "--max-semi-space-size=32",
      "node_modules/jest/bin/jest.js",
      "--selectProjects=unit",
      "--silent",
      "--testPathPatterns",
      "dist/test/(config|http|server|sources|store)/",
      "--testPathIgnorePatterns",
      ...nowhere,
      ...byTurns.filter((_, index) => index % versions.length !== turn),
    ],
    {
      env: { ...process.env, PATH: `${join(node, "..")}:${process.env.PATH}` },
    },
  );
}
