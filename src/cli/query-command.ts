/** `meshlens query`: runs a GraphQL document without a server, through the same route as one. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { errorWord } from "../config/source-connection.js";
import { askInProcess } from "./ask-in-process.js";
import { type ExitCode, runCommand, UsageError } from "./command-line.js";

interface QueryOptions {
  readonly variables?: string;
  readonly operation?: string;
  readonly config?: string;
}

/** The command for main.ts. */
export function queryCommand(): Command {
  return new Command("query")
    .description("run a GraphQL document without a server and print the answer")
    .argument("<file>", "the document; - reads standard input")
    .option("--variables <json>", "variables as a JSON object")
    .option("--operation <name>", "which operation of the document, where it has several")
    .option("-c, --config <file>", "configuration (default: meshlens.yaml of this folder)")
    .addHelpText("after", "\nExit codes: 0 answered, 1 the answer has errors, 2 wrong use or configuration.")
    .action((file: string, options: QueryOptions) => runCommand(() => query(file, options)));
}

async function query(file: string, options: QueryOptions): Promise<ExitCode> {
  const document = readDocument(file);
  const variables = readVariables(options.variables);
  const body = await askInProcess(options.config, { query: document, variables, operationName: options.operation });
  process.stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  return typeof body === "object" && body !== null && "errors" in body ? 1 : 0;
}

function readDocument(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const word = errorWord(error);
    throw new UsageError(`the document ${file} ${word === "ENOENT" ? "does not exist" : `cannot be read (${word})`}`);
  }
  if (text.trim() === "") throw new UsageError(`the document ${file} is empty`);
  return text;
}

function readVariables(text: string | undefined): object {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`--variables is not JSON: write an object such as '{"first": 5}'`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`--variables must be a JSON object such as '{"first": 5}'`);
}
