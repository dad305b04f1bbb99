/** docs/reference/configuration.md, written from the schema: `npm run golden:write` writes it, a test keeps it equal. */
import { z } from "zod";
import { configSchema } from "./config-schema.js";

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly unit?: string;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

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
  const root = z.toJSONSchema(configSchema, { io: "input" }) as Shape;
  const sections = Object.entries(root.properties ?? {}).map(([name, shape]) => section(name, shape));
  return `${[head.trimEnd(), ...sections].join("\n\n")}\n`;
}

function section(name: string, shape: Shape): string {
  const title = `## ${name}\n\n${shape.description ?? ""}`;
  if (shape.type !== "array") return `${title}\n\n${table(rows(name, shape, false))}`;
  const kinds = shape.items?.oneOf ?? shape.items?.anyOf ?? [];
  const parts = kinds.map((kind) => {
    const { kind: kindKey, ...keys } = kind.properties ?? {};
    const below = { ...kind, properties: keys };
    return `### kind: ${String(kindKey?.const)}\n\n${kindKey?.description ?? ""}\n\n${table(rows(`${name}[]`, below, false))}`;
  });
  return [title, ...parts].join("\n\n");
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly fallback: string;
  readonly description: string;
}

function rows(path: string, shape: Shape, withSelf: boolean, required = true): readonly Row[] {
  const object = [shape, ...(shape.anyOf ?? [])].find((form) => form.properties !== undefined);
  const self: readonly Row[] = withSelf
    ? [
        {
          key: path,
          value: valueText(shape),
          fallback: defaultOf(shape, required),
          description: `${shape.description ?? ""}${shape.secret ? " *Secret.*" : ""}`,
        },
      ]
    : [];
  const below = Object.entries(object?.properties ?? {}).flatMap(([name, child]) =>
    rows(`${path}.${name}`, child, true, object?.required?.includes(name) ?? false),
  );
  const ofItems = shape.items?.properties ? rows(`${path}[]`, shape.items, false) : [];
  return [...self, ...below, ...ofItems];
}

function valueText(shape: Shape): string {
  const forms = shape.anyOf ?? shape.oneOf;
  if (forms) return forms.map(valueText).join(" or ");
  if (shape.const !== undefined) return `\`${String(shape.const)}\``;
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (shape.type === "array")
    return shape.items?.properties ? "list of maps" : `list of ${valueText(shape.items ?? {})}`;
  if (shape.type === "object") return "map";
  const unit = shape.unit === "duration" ? "duration" : `${shape.type === "string" ? "text" : (shape.type ?? "any")}`;
  const suffix = shape.unit && shape.unit !== "duration" ? `, ${shape.unit}` : "";
  return `${unit}${suffix}${limitsOf(shape)}`;
}

function limitsOf(shape: Shape): string {
  const low = shape.minimum ?? shape.exclusiveMinimum;
  const high = shape.maximum ?? shape.exclusiveMaximum;
  if (low === undefined || high === undefined) return "";
  return `, ${shape.minimum === undefined ? "above " : ""}${low} to ${shape.maximum === undefined ? "below " : ""}${high}`;
}

function defaultOf(shape: Shape, required: boolean): string {
  const { default: value } = shape;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) return `\`${JSON.stringify(value)}\``;
  return required && value === undefined ? "required" : "";
}

function table(list: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(["key", "value", "default", "meaning"]),
    "|---|---|---|---|",
    ...list.map((row) => line([`\`${row.key}\``, row.value, row.fallback, row.description])),
  ].join("\n");
}
