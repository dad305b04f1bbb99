/** Jars from Maven's central repository, by Maven itself. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureTools } from "./debian-packages.js";
import type { InstallCache } from "./install-cache.js";
import { runCommand } from "./run-command.js";

const dependencyPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const remedy =
  "Check that Maven can reach its repository (~/.m2/settings.xml names mirrors and proxies), then run again.";

/** Java's compiler and runtime, and Maven; `mvn` of the Debian package brings no compiler. */
export async function ensureJava(cache: InstallCache): Promise<void> {
  await ensureTools(cache, { javac: "openjdk-17-jdk-headless", mvn: "maven" });
}

/** Copies one artifact (`group:artifact:version[:type[:classifier]]`) into a folder and returns the path of its jar. */
export async function fetchArtifact(cache: InstallCache, artifact: string, folder: string): Promise<string> {
  const goal = [`${dependencyPlugin}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
  await runCommand("mvn", ["-B", "-q", ...goal], { remedy, signal: cache.signal });
  const [, name = ""] = artifact.split(":");
  const jar = (await readdir(folder)).find((file) => file.startsWith(`${name}-`) && file.endsWith(".jar"));
  if (jar === undefined) throw new Error(`Maven reported success but left no jar of ${artifact} in ${folder}.`);
  return join(folder, jar);
}

/** Copies artifacts (`group:artifact:version`) and all they need at run time into `folder/lib`. */
export async function fetchWithDependencies(
  cache: InstallCache,
  artifacts: readonly string[],
  folder: string,
): Promise<void> {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  const project = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>meshlens</groupId><artifactId>backend</artifactId><version>1</version>
<dependencies>${dependencies.join("")}</dependencies></project>`;
  await writeFile(join(folder, "pom.xml"), project);
  const goal = [
    `${dependencyPlugin}:copy-dependencies`,
    "-DincludeScope=runtime",
    `-DoutputDirectory=${join(folder, "lib")}`,
  ];
  await runCommand("mvn", ["-B", "-q", ...goal], { cwd: folder, remedy, signal: cache.signal });
}
