import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { commandOf, readDockerfile, readDockerignore, stepsOf } from "../support/deploy/dockerfile.js";
import { repositoryRoot } from "../support/repository-root.js";

const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");
const stages = readDockerfile(read("deploy/Dockerfile"));
const last = stages.at(-1) ?? { base: "", name: null, steps: [] };
const reaches = readDockerignore(read(".dockerignore"));

describe("the image", () => {
  test("runs as nobody's user, without a shell: no step runs in it, and no command is a line for a shell", () => {
    expect(last.base).toMatch(/^gcr\.io\/distroless\/nodejs24-debian12:nonroot$/);
    expect(stepsOf(last, "USER")).toEqual(["65532:65532"]);
    expect(stepsOf(last, "RUN")).toEqual([]);
    for (const instruction of ["HEALTHCHECK", "ENTRYPOINT", "CMD"]) {
      const [text = ""] = stepsOf(last, instruction);
      expect(commandOf(text).length).toBeGreaterThan(2);
    }
  });

  test("bounds the heap by the container's memory, and gives what is short-lived more room than V8 would, and memory back to the system", () => {
    expect(stepsOf(last, "ENV")).toEqual([
      "NODE_ENV=production",
      "MALLOC_ARENA_MAX=2",
      "MALLOC_MMAP_THRESHOLD_=131072",
    ]);
    expect(commandOf(stepsOf(last, "ENTRYPOINT")[0] ?? "")).toEqual([
      "/nodejs/bin/node",
      "--max-old-space-size-percentage=60",
      "--max-semi-space-size=32",
      "dist/src/cli/main.js",
    ]);
  });

  test("installs what the lock file says, without what only development needs", () => {
    const dependencies = stages.find(({ name }) => name === "dependencies");
    expect(dependencies === undefined ? [] : stepsOf(dependencies, "RUN")).toEqual([
      expect.stringMatching(/^npm ci --omit=dev/),
    ]);
    expect(stepsOf(last, "COPY")[0]).toBe("--from=dependencies /app ./");
  });

  test("copies only what is there, and what the builder gets", () => {
    const sources = stages
      .flatMap((stage) => stepsOf(stage, "COPY"))
      .filter((text) => !text.startsWith("--from="))
      .flatMap((text) => text.split(" ").slice(0, -1));
    expect(sources.length).toBeGreaterThan(8);
    for (const source of sources) {
      expect(existsSync(join(repositoryRoot, source))).toBe(true);
      // Of the dashboards only the files that are shipped go along.
      expect([source, reaches(source === "dashboards" ? "dashboards/meshlens-mesh.json" : source)]).toEqual([
        source,
        true,
      ]);
    }
  });

  test("never sees history, modules of this machine, tests, or files nobody named", () => {
    for (const path of [".git/config", "node_modules/pg/package.json", "test/errors.test.ts", "meshlens.yaml", ".env"])
      expect([path, reaches(path)]).toEqual([path, false]);
    expect(reaches("src/cli/main.ts")).toBe(true);
    expect(reaches("dashboards/src/boards/mesh.ts")).toBe(false);
  });
});
