// The world of the tests (`testEnvironment` in jest.config.js): Node's own, see native-runtime.cjs.
const { createContext } = require("node:vm");

/** For the one line that jest's runner runs in a world when a file is over. */
const elsewhere = createContext();

module.exports = class NativeEnvironment {
  /** Where jest's runner leaves a file's console, and what it would change in a world made for one file. */
  global = {};
  fakeTimers = null;
  fakeTimersModern = null;

  getVmContext() {
    return elsewhere;
  }
  exportConditions() {
    return ["node", "node-addons"];
  }
  async setup() {}
  async teardown() {}
};
