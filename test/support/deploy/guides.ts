/** The commands of the guides: fenced blocks of `sh`, with what a block needs that a test does not have, if anything. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../repository-root.js";

/** One block. */
export interface GuideBlock {
  /** File name without its ending. */
  readonly guide: string;
  /** After `needs`: docker, elasticsearch, istio, pods, postgres, sources; null where it runs as it stands. */
  readonly needs: string | null;
  readonly script: string;
}

/** Where guides are. */
export const guidesFolder: string = join(repositoryRoot, "docs/guides");

/** File names of the guides. */
export function guideNames(): readonly string[] {
  return readdirSync(guidesFolder).filter((name) => name.endsWith(".md"));
}

/** Blocks of all guides, in their order within each. */
export function guideBlocks(): readonly GuideBlock[] {
  return guideNames().flatMap((name) => {
    const text = readFileSync(join(guidesFolder, name), "utf8");
    return [...text.matchAll(/^```sh(?: needs (\w+))?\n([\s\S]*?)^```$/gm)].map(([, needs = null, script = ""]) => ({
      guide: name.replace(/\.md$/, ""),
      needs,
      script,
    }));
  });
}

/** A command of a block in words, without what is typed into files and without what stands in substitutions. */
export function commandsOf({ script }: GuideBlock): readonly (readonly string[])[] {
  return script
    .replaceAll(/<<'END'[\s\S]*?^END$/gm, "")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([first = ""]) => first !== "" && !first.includes("="));
}

/** Options of a command, without their values. */
export function optionsOf(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end))
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.split("=")[0] ?? "");
}
