/** Builds a Go program from a released module, also where `go install` refuses because the module has replace lines. */
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findTool } from "./debian-packages.js";
import type { InstallCache } from "./install-cache.js";
import { runCommand } from "./run-command.js";

/** What to build. */
export interface GoProgram {
  readonly module: string;
  /** As Go writes it: `v1.76.0`. */
  readonly moduleVersion: string;
  /** The package of the program inside the module. */
  readonly packagePath: string;
  readonly tags: string;
  /** Linker settings beside `-s -w`, for example the version the program tells. */
  readonly linkerFlags: string;
  /** The release of the modules that the program's own repository replaces by folders of itself; without any such it is left out. */
  readonly stagingVersion?: string;
}

interface ModuleFile {
  readonly Go: string;
  readonly Replace: readonly { Old: { Path: string }; New: { Path: string; Version?: string } }[] | null;
}

const remedy = "Check that Go can reach its module proxy (`go env GOPROXY`), then run again.";

/**
 * Builds into `folder/name`. A scratch module requires the program's module and repeats its replace lines and its go.sum,
 * so that the versions are exactly the released ones.
 */
export async function buildGoProgram(
  cache: InstallCache,
  program: GoProgram,
  folder: string,
  name: string,
): Promise<void> {
  if (findTool("go") === null) {
    throw new Error(
      `Go 1.21 or newer is needed to build ${program.packagePath}: install it from https://go.dev/dl, or name a running server by MESHLENS_TEST_*_URL.`,
    );
  }
  const scratch = join(folder, "scratch");
  await mkdir(scratch);
  const options = {
    cwd: scratch,
    environment: { GOFLAGS: "-mod=mod", GOTOOLCHAIN: "auto", CGO_ENABLED: "0", ...unlistedSums(program) },
    remedy,
    signal: cache.signal,
  };
  const wanted = `${program.module}@${program.moduleVersion}`;
  const downloaded: { Dir: string; GoMod: string } = JSON.parse(
    await runCommand("go", ["mod", "download", "-json", wanted], options),
  );
  const moduleFile: ModuleFile = JSON.parse(
    await runCommand("go", ["mod", "edit", "-json", downloaded.GoMod], options),
  );
  await writeFile(join(scratch, "go.mod"), scratchModule(program, moduleFile));
  await copyFile(join(downloaded.Dir, "go.sum"), join(scratch, "go.sum"));
  await chmod(join(scratch, "go.sum"), 0o644);
  const flags = ["-p", "2", "-trimpath", "-tags", program.tags, "-ldflags", `-s -w ${program.linkerFlags}`];
  await runCommand("go", ["build", ...flags, "-o", join(folder, name), program.packagePath], options);
  await rm(scratch, { recursive: true });
}

/** The public checksum database does not list every staging module of every release. */
function unlistedSums({ module, stagingVersion }: GoProgram): Readonly<Record<string, string>> {
  return stagingVersion === undefined ? {} : { GONOSUMDB: `${module.slice(0, module.indexOf("/"))}/*` };
}

function scratchModule(program: GoProgram, { Go, Replace }: ModuleFile): string {
  const replaced = (Replace ?? []).map(({ Old, New }) => {
    const isFolder = New.Path.startsWith("./");
    const path = isFolder ? Old.Path : New.Path;
    const version = isFolder ? program.stagingVersion : New.Version;
    return `replace ${Old.Path} => ${path}${version ? ` ${version}` : ""}`;
  });
  return ["module scratch", `go ${Go}`, `require ${program.module} ${program.moduleVersion}`, ...replaced, ""].join(
    "\n",
  );
}
