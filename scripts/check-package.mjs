// Proves the published package: packs it, installs the tarball into an empty folder and runs it there as a user would.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "meshlens-package-"));
const backend = createServer((request, response) => {
  response.end(request.url === "/info" ? '{"zipkin":{"version":"3.5.1"}}' : '["reviews"]');
});

/** Runs a program to its end and stops the script when it ends otherwise than expected. */
function run(what, program, args, { cwd = folder, code = 0, shows = "" } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
    child.once("close", (found) => {
      if (found !== code || !text.includes(shows)) {
        console.error(
          `check-package: ${what}: exit code ${found} (wanted ${code}), wanted to see "${shows}" in:\n${text}`,
        );
        process.exit(1);
      }
      console.log(`check-package: ${what}: as it must be`);
      resolve(text);
    });
  });
}

/** Starts the installed server, reads what it serves from the package's own files, and stops it. */
async function checkServer() {
  const child = spawn(process.execPath, ["node_modules/meshlens/dist/src/cli/main.js", "serve"], { cwd: folder });
  try {
    const url = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
        const found = /"url":"([^"]+)"/.exec(text);
        if (found) resolve(found[1]);
      });
      child.once("close", () => reject(new Error(`the server ended: ${text}`)));
    });
    const start = await (await fetch(`${url}/graphiql/start.js`)).text();
    const script = await fetch(`${url}/graphiql/assets/graphiql.min.js`);
    if (!start.includes("query ServicePage") || !script.ok) throw new Error("GraphiQL lacks its tabs or its script");
    const body = JSON.stringify({ query: "{ sources { name state } }" });
    const headers = { "content-type": "application/json" };
    const answer = await (await fetch(`${url}/graphql`, { method: "POST", headers, body })).json();
    if (answer.data?.sources?.[0]?.state !== "OK") throw new Error(`GraphQL answered ${JSON.stringify(answer)}`);
  } finally {
    child.kill("SIGTERM");
  }
  console.log("check-package: serve: GraphiQL and GraphQL as they must be");
}

await new Promise((resolve) => backend.listen(0, "127.0.0.1", resolve));
try {
  const ignoreScripts = process.argv.includes("--built") ? ["--ignore-scripts"] : [];
  const packed = spawnSync("npm", ["pack", "--silent", ...ignoreScripts, "--pack-destination", folder], {
    encoding: "utf8",
  });
  if (packed.status !== 0) throw new Error(`npm pack failed:\n${packed.stderr}`);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--omit=dev", "--ignore-scripts"];
  await run("install", "npm", ["install", ...quiet, `./${tarball}`]);

  for (const file of ["helm/meshlens/values.schema.json", "kubernetes/kustomization.yaml", "slack/app-manifest.json"])
    if (!existsSync(join(folder, "node_modules/meshlens/deploy", file)))
      throw new Error(`the package lacks deploy/${file}`);
  await run("help", "npx", ["--no-install", "meshlens", "--help"], { shows: "meshlens check" });
  await run("check without configuration", "npx", ["--no-install", "meshlens", "check"], {
    code: 2,
    shows: "sources:",
  });
  const { port } = backend.address();
  const yaml = `server: { port: 0 }\nsources: [{ name: spans, kind: zipkin, url: "http://127.0.0.1:${port}" }]\n`;
  writeFileSync(join(folder, "meshlens.yaml"), yaml);
  await run("check", "npx", ["--no-install", "meshlens", "check"], { shows: "1 services" });
  const document = "node_modules/meshlens/examples/queries/sources.graphql";
  await run("query", "npx", ["--no-install", "meshlens", "query", document], { shows: '"state": "OK"' });
  await checkServer();
} finally {
  backend.close();
  rmSync(folder, { recursive: true, force: true });
}
