/** A disk of few MB that can be filled, for tests of what happens then. Linux. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A mounted one. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  /** Gone from the folder at once; the disk itself when the last file of it is closed. */
  unmount(): void;
}

/**
 * Mounts one at a folder that is made.
 * @param owner user who may write to it
 * @throws Error of mount where this is not root
 */
export function mountSmallDisk(folder: string, megabytes: number, owner = 0): SmallDisk {
  mkdirSync(folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700,uid=${owner}`, "meshlens-test", folder]);
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill() {
      // The last bytes too: smaller and smaller pieces until none fits.
      for (let size = 2 ** 20; size >= 1; size /= 4) {
        const piece = Buffer.alloc(size, 1);
        while (fits(ballast, piece));
      }
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => void execFileSync("umount", ["--lazy", folder]),
  };
}

function fits(file: string, piece: Buffer): boolean {
  try {
    appendFileSync(file, piece);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
    throw error;
  }
}
