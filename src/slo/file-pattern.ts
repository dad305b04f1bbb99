/** Patterns of objective files (`slo/*.yaml`, `teams/**` + `/slo.yaml`) → files. The only glob of Meshlens: Node 20 has none. */
import { readdirSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";

const mostFiles = 10_000;

/**
 * The files a pattern fits, sorted, relative patterns taken from `folder`. `*` and `?` stay within a name, `**` goes down any number of
 * folders; hidden names need their dot written. Folders that cannot be read have no files. A pattern without these signs is a file's
 * name, given back whether it exists or not; that of a folder means its `.yaml` and `.yml` files.
 */
export function filesOfPattern(pattern: string, folder: string): readonly string[] {
  const path = resolve(folder, pattern);
  if (!/[*?]/.test(pattern)) return isFolder(path) ? yamlFiles(path) : [path];
  const steps = path.split(sep);
  const fixed = steps.findIndex((step) => /[*?]/.test(step));
  const found = new Set<string>();
  walk(steps.slice(0, fixed).join(sep) || sep, steps.slice(fixed), found);
  return [...found].sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function yamlFiles(folder: string): readonly string[] {
  return entries(folder)
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.ya?ml$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function walk(folder: string, steps: readonly string[], found: Set<string>): void {
  const [step = "", ...rest] = steps;
  if (found.size >= mostFiles) return;
  if (step === "**") {
    walk(folder, rest.length === 0 ? ["*"] : rest, found);
    for (const entry of entries(folder)) {
      if (entry.isDirectory() && !entry.name.startsWith(".")) walk(join(folder, entry.name), steps, found);
    }
    return;
  }
  const fits = nameTest(step);
  for (const entry of entries(folder)) {
    if (!fits(entry.name)) continue;
    const path = join(folder, entry.name);
    if (rest.length > 0) walk(path, rest, found);
    else if (!entry.isDirectory()) found.add(path);
  }
}

/** Linear in the name, whatever the stars: no regular expression of user text. */
function nameTest(pattern: string): (name: string) => boolean {
  return (name) => {
    if (name.startsWith(".") && !pattern.startsWith(".")) return false;
    let [at, star, retry] = [0, -1, 0];
    let i = 0;
    while (i < name.length) {
      if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[i]) && pattern[at] !== "*") {
        at += 1;
        i += 1;
      } else if (pattern[at] === "*") {
        star = at;
        retry = i;
        at += 1;
      } else if (star >= 0) {
        at = star + 1;
        retry += 1;
        i = retry;
      } else return false;
    }
    while (pattern[at] === "*") at += 1;
    return at === pattern.length;
  };
}
