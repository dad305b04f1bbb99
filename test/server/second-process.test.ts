import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { runCommandLine, startCommand } from "../support/run-command.js";
import { waitUntil } from "../support/wait-until.js";

const configuration = `server: { port: 0 }
sources: [{ name: prometheus, kind: prometheus, url: "http://127.0.0.1:9" }]
slo: { defaults: { availability: { target: 0.999, window: 30d } } }
store: { url: "file:./meshlens.db" }
`;

test("a second `serve` on the store of a running one is refused in words, and the first goes on", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "meshlens-second-"));
  await writeFile(join(cwd, "meshlens.yaml"), configuration);
  const first = startCommand(["serve"], { cwd });
  try {
    const listens = async () => /"msg":"[^"]*(listen|answers)/i.test(first.output().stdout);
    await waitUntil("the first server", listens, { limitMs: 60_000 });
    const second = await runCommandLine(["serve"], { cwd });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("meshlens.db");
    expect(second.stderr).toMatch(/another|already|locked/i);
    expect(second.stderr).not.toMatch(/\n\s+at /);
    first.kill("SIGTERM");
    expect((await first.finished).code).toBe(0);
    // Let in once the first is gone.
    const third = startCommand(["serve"], { cwd });
    await waitUntil("a server after it", async () => /"msg":"[^"]*(listen|answers)/i.test(third.output().stdout), {
      limitMs: 60_000,
    });
    third.kill("SIGTERM");
    expect((await third.finished).code).toBe(0);
  } finally {
    first.kill("SIGKILL");
    await rm(cwd, { recursive: true, force: true });
  }
});
