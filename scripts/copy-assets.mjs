// Copies what tsc does not: the SDL beside the server and GraphiQL's own files, so that nothing is fetched from a network at run time.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";

const assets = "dist/src/server/assets";
mkdirSync(assets, { recursive: true });
for (const [from, to] of [
  ["node_modules/graphiql/graphiql.min.js", "graphiql.min.js"],
  ["node_modules/graphiql/graphiql.min.css", "graphiql.min.css"],
  ["node_modules/react/umd/react.production.min.js", "react.production.min.js"],
  ["node_modules/react-dom/umd/react-dom.production.min.js", "react-dom.production.min.js"],
]) {
  if (!existsSync(from)) throw new Error(`${from} is missing: run npm ci first`);
  copyFileSync(from, `${assets}/${to}`);
}
