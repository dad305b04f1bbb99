/** The configuration a command works with. Used by every command that reaches backends. */
import { type LoadedConfig, loadConfig } from "../config/load-config.js";
import { UsageError } from "./command-line.js";

/** Loads the file given, or meshlens.yaml of the working directory; a command without any is wrong use. */
export function loadForCommand(file: string | undefined): LoadedConfig {
  const loaded = loadConfig(file ?? null, process.env);
  if (loaded.file === null) {
    throw new UsageError(
      [
        "no configuration: there is no meshlens.yaml here and --config FILE is not given. Write one, such as",
        "",
        "  sources:",
        '    - { name: prometheus, kind: prometheus, url: "http://127.0.0.1:9090" }',
        '    - { name: jaeger, kind: jaeger, url: "http://127.0.0.1:16686" }',
        "",
        "and run: meshlens check --config meshlens.yaml",
      ].join("\n"),
    );
  }
  return loaded;
}
