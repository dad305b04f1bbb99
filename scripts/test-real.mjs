// Runs the real-backend suite over compiled tests (`npm run test:real` builds first). `--hold` only starts and feeds the servers and
// keeps them until Ctrl-C; `--with-kubernetes` builds the Kubernetes API server where the cache lacks it; other arguments go to jest:
// `npm run test:real -- prometheus`.
import { existsSync } from "node:fs";

const runner = new URL("../dist/test/real/run-real-suite.js", import.meta.url);
if (!existsSync(runner)) {
  console.error("test:real: nothing is compiled yet: npm run build");
  process.exit(2);
}
const { runRealSuite } = await import(runner.href);
const given = process.argv.slice(2);
const own = ["--hold", "--with-kubernetes"];
process.exit(
  await runRealSuite({
    jestArguments: given.filter((argument) => !own.includes(argument)),
    isHeld: given.includes("--hold"),
    buildsKubernetes: given.includes("--with-kubernetes"),
  }),
);
