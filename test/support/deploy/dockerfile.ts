/** Reads a Dockerfile and a .dockerignore, in the subset that ours use: what a test checks of them, and what runs their steps without Docker. */

/** One line of a stage: `RUN npm ci`. */
export interface DockerStep {
  readonly instruction: string;
  readonly text: string;
}

/** From FROM to the next one. */
export interface DockerStage {
  readonly base: string;
  /** After AS; null for the last stage. */
  readonly name: string | null;
  readonly steps: readonly DockerStep[];
}

/** The stages in their order; arguments before the first one are filled in. @throws Error at a line it does not know */
export function readDockerfile(text: string): readonly DockerStage[] {
  const lines = text
    .split("\n")
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const values = new Map<string, string>();
  const filled = (one: string) => one.replaceAll(/\$\{(\w+)\}/g, (whole, name) => values.get(name) ?? whole);
  const stages: { base: string; name: string | null; steps: DockerStep[] }[] = [];
  for (const line of lines) {
    const [, instruction = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (instruction === "ARG" && stage === undefined) {
      const [name = "", value = ""] = rest.split("=");
      values.set(name, value);
    } else if (instruction === "FROM") {
      const [base = "", , name = null] = filled(rest).split(" ");
      stages.push({ base, name, steps: [] });
    } else if (known.has(instruction) && stage !== undefined) stage.steps.push({ instruction, text: filled(rest) });
    else throw new Error(`this reader of Dockerfiles does not know the line: ${line}`);
  }
  return stages;
}

const known: ReadonlySet<string> = new Set([
  "WORKDIR",
  "COPY",
  "RUN",
  "ENV",
  "USER",
  "EXPOSE",
  "HEALTHCHECK",
  "ENTRYPOINT",
  "CMD",
]);

/** Texts of an instruction in a stage. */
export function stepsOf({ steps }: DockerStage, instruction: string): readonly string[] {
  return steps.filter((step) => step.instruction === instruction).map(({ text }) => text);
}

/** A command in the form that needs no shell: a JSON array after whatever options. @throws SyntaxError for the form that needs one */
export function commandOf(text: string): readonly string[] {
  return JSON.parse(text.slice(text.indexOf("["))) as readonly string[];
}

/** Whether a path of the context reaches the builder: the last line that fits it or a folder above it decides. */
export function readDockerignore(text: string): (path: string) => boolean {
  const rules = text
    .split("\n")
    .filter((line) => !/^\s*(#|$)/.test(line))
    .map((line) => {
      const isKept = line.startsWith("!");
      const pattern = line.slice(isKept ? 1 : 0).replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
      return { isKept, fits: new RegExp(`^${pattern.replaceAll("*", "[^/]*")}(/|$)`) };
    });
  return (path) => rules.findLast(({ fits }) => fits.test(path))?.isKept ?? true;
}
