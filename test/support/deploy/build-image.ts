/** Runs a Dockerfile's steps in folders instead of images: one folder is the root of each stage. Used by the real suite. */
import { chmod, cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { runCommand } from "../../real/backends/run-command.js";
import { commandOf, type DockerStage, readDockerfile, readDockerignore, stepsOf } from "./dockerfile.js";

/** A built image: what its last stage left, and what would be run in it. Paths are of this machine. */
export interface BuiltImage {
  readonly root: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/** Where it is built. */
export interface ImageOptions {
  readonly context: string;
  readonly dockerfile: string;
  /** An empty folder. */
  readonly folder: string;
  /** A Node of the version of the base images: `bin/node` in it. */
  readonly node: string;
}

/** Builds all stages. @throws Error for a step that failed, with the end of what it wrote */
export async function buildImage({ context, dockerfile, folder, node }: ImageOptions): Promise<BuiltImage> {
  const stages = readDockerfile(await readFile(join(context, dockerfile), "utf8"));
  const reaches = readDockerignore(await readFile(join(context, ".dockerignore"), "utf8"));
  const rootOf = (name: string | null) => join(folder, name ?? "image");
  for (const stage of stages) await runStage(stage, rootOf(stage.name));
  const last = stages.at(-1) as DockerStage;
  const root = rootOf(last.name);
  // Where the base image has its Node, and where whoever runs it may read it.
  await mkdir(join(root, "nodejs/bin"), { recursive: true });
  await cp(join(node, "bin/node"), join(root, "nodejs/bin/node"));
  await chmod(folder, 0o755);
  const within = (instruction: string) =>
    commandOf(stepsOf(last, instruction)[0] ?? "").map((part) => (/^\/\w/.test(part) ? join(root, part) : part));
  return {
    root,
    workingFolder: join(root, stepsOf(last, "WORKDIR").at(-1) ?? "/"),
    environment: Object.fromEntries(stepsOf(last, "ENV").map((text) => text.split("=") as [string, string])),
    entrypoint: within("ENTRYPOINT"),
    command: within("CMD"),
    healthcheck: within("HEALTHCHECK"),
  };

  async function runStage({ name, steps }: DockerStage, root: string): Promise<void> {
    let working = root;
    for (const { instruction, text } of steps) {
      if (instruction === "WORKDIR") {
        working = join(root, text);
        await mkdir(working, { recursive: true });
      } else if (instruction === "COPY") await copy(text, working);
      else if (instruction === "RUN")
        await runCommand("sh", ["-c", text], {
          cwd: working,
          environment: { PATH: `${join(node, "bin")}:${process.env["PATH"]}` },
          remedy: `The stage ${name} of ${dockerfile} cannot be built.`,
        });
    }
  }

  async function copy(text: string, working: string): Promise<void> {
    const parts = text.split(" ");
    const from =
      parts[0]?.startsWith("--from=") === true ? rootOf((parts.shift() ?? "").slice("--from=".length)) : null;
    const target = parts.pop() ?? "";
    for (const source of parts) {
      const path = join(from ?? context, source);
      const isInto =
        target.endsWith("/") && !target.startsWith("./") ? join(target, source.split("/").at(-1) ?? "") : target;
      const to = target === "./" && from === null ? join(working, source) : join(working, isInto);
      await mkdir(dirname(to), { recursive: true });
      await cp(path, to, {
        recursive: true,
        filter: (one) => from !== null || isKept(relative(context, one)),
      });
    }
  }

  /** Folders on the way to something that is kept are walked. */
  function isKept(path: string): boolean {
    return reaches(path) || path === "dashboards";
  }
}
