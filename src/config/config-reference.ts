/** docs/reference/configuration.md, written from the schema: `npm run golden:write` writes it, a test keeps it equal. */
import { z } from "zod";
import { configSchema } from "./config-schema.js";
import { type KeyShape, keyTable } from "./key-table.js";

const head = `# Configuration

Written from the schema in \`src/config/config-schema.ts\` by \`npm run golden:write\`; do not edit by hand. A commented example is
[examples/meshlens.yaml](../../examples/meshlens.yaml).

One YAML file, given by \`--config FILE\`; without it \`meshlens.yaml\` of the working directory is read if it is there. \`\${VAR}\` and
\`\${VAR:-default}\` in values are read from the environment (the default also when the variable is empty; \`$\${\` stands for the characters
\`\${\`). An unknown key, a wrong type or an unset variable without a default stops the start; every problem is named with file, line,
column, key and remedy. Paths are relative to the file. Values of keys marked *secret* are never printed: not in errors, logs or metrics.
Durations are written as Prometheus does: \`30s\`, \`5m\`, \`1h30m\`.
`;

/** The whole page, ending in a newline. */
export function configReference(): string {
  const root = z.toJSONSchema(configSchema, { io: "input" }) as KeyShape;
  const sections = Object.entries(root.properties ?? {}).map(([name, shape]) => section(name, shape));
  return `${[head.trimEnd(), ...sections].join("\n\n")}\n`;
}

function section(name: string, shape: KeyShape): string {
  const title = `## ${name}\n\n${shape.description ?? ""}`;
  if (shape.type !== "array") return `${title}\n\n${keyTable(name, shape)}`;
  const kinds = shape.items?.oneOf ?? shape.items?.anyOf ?? [];
  const parts = kinds.map((kind) => {
    const { kind: kindKey, ...keys } = kind.properties ?? {};
    const below = { ...kind, properties: keys };
    return `### kind: ${String(kindKey?.const)}\n\n${kindKey?.description ?? ""}\n\n${keyTable(`${name}[]`, below)}`;
  });
  return [title, ...parts].join("\n\n");
}
