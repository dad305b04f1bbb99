// How jest loads the tests (`runtime` in jest.config.js): by Node's own `import`, each module once per worker, instead of the whole product
// compiled anew in a world of its own for each test file. Tests so run in the world users run in, and modules keep nothing between them.
const { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const names = ["afterAll", "afterEach", "beforeAll", "beforeEach", "describe", "expect", "it", "test"];

/** What `@jest/globals` is to the tests: always that of the file which is running, however old the module that imports it. */
const globalsModule = `const now = (name) => globalThis[Symbol.for("meshlens.jest-globals")][name];
const of = (name) => new Proxy(() => {}, { apply: (_, __, given) => now(name)(...given), get: (_, key) => now(name)[key] });
${names.map((name) => `export const ${name} = of("${name}");`).join("\n")}
`;

/** There is no `jest` in it, for nothing is mocked. Puts it where the compiled tests find it before jest's own, which is for jest's own loader only. */
function provideGlobals(folder) {
  const place = join(folder, "node_modules", "@jest", "globals");
  if (existsSync(place)) return;
  const building = `${place}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  writeFileSync(join(building, "package.json"), JSON.stringify({ type: "module", exports: "./index.js" }));
  writeFileSync(join(building, "index.js"), globalsModule);
  try {
    renameSync(building, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    // The other worker was first.
    rmSync(building, { recursive: true });
  }
}

/** What jest's runner asks of a runtime, where nothing is transformed, mocked or counted. */
module.exports = class NativeRuntime {
  #environment;
  #console = globalThis.console;

  constructor(config, environment) {
    this.#environment = environment;
    provideGlobals(join(config.rootDir, ".."));
  }

  setGlobalsForRuntime(globals) {
    globalThis[Symbol.for("meshlens.jest-globals")] = globals;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    globalThis.console = this.#environment.global.console;
    // jest sets both for its own world, which is the tests' too: every error of the product would cost a hundred mapped frames.
    Error.stackTraceLimit = 20;
    Error.prepareStackTrace = undefined;
    await import(pathToFileURL(path).href);
  }

  /** jest-circus anew for each file, for it holds a file's tests in its modules. */
  requireInternalModule(path) {
    if (path.includes("jest-circus")) {
      delete require.cache[path];
      module.children = module.children.filter(({ id }) => id !== path);
      delete globalThis[Symbol.for("EVENT_HANDLERS")];
    }
    return require(path);
  }

  requireModule(path) {
    return require(path);
  }

  teardown() {
    globalThis.console = this.#console;
  }

  enterTestCode() {}
  leaveTestCode() {}
  getSourceMaps() {
    return null;
  }
  getAllCoverageInfoCopy() {
    return null;
  }
};
