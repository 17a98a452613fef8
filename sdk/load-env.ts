import { readFileSync } from "node:fs";
export type EnvVars = Record<string, string>;
export class LoadEnvError extends Error {}
export function loadEnv(path: string): EnvVars {
  const yaml = require("yaml") as typeof import("yaml");
  return yaml.parse(readFileSync(path, "utf8"), { schema: "failsafe" }) ?? {};
}
