import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, test } from "@jest/globals";
import { waitUntil } from "../support/wait-until.js";
import { isAlive } from "./backends/server-process.js";

const starter = new URL("./backends/server-process.js", import.meta.url).href;

describe("servers of a runner that is killed", () => {
  test("end with it, though it had no chance to stop them", async () => {
    const program = `
      const { startServerProcess } = await import(${JSON.stringify(starter)});
      const plan = { command: "/bin/sleep", args: ["600"], environment: {}, address: { url: "", zipkinIngestUrl: null } };
      console.log(startServerProcess(plan, "/tmp", "/dev/null").pid);
      setInterval(() => {}, 1000);`;
    const runner = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = await once(runner.stdout, "data");
    const pid = Number(String(output));
    // setpriv has asked the kernel for its protection once it has become the server.
    const isServer = async () => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("/bin/sleep");
    await waitUntil("the server", isServer, { limitMs: 20_000 });
    runner.kill("SIGKILL");
    await waitUntil("the end of the server", async () => !isAlive(pid), { limitMs: 20_000 });
  });
});
