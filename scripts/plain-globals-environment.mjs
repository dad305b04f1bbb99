// The world jest runs the tests in (named in jest.config.js): Node's, with `Math`, `Map` and all other globals as plain properties. jest's own
// puts an interceptor and a proxy before each look at one, a hundred times slower, and simulations and random tests do little else.
import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";

/** What a test sets globally is not undone name by name at its file's end: the whole context is left behind. */
export default class PlainGlobalsEnvironment extends TestEnvironment {
  constructor(...given) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }
}
