import { dirname, join } from "node:path";
import { baseStage, readLayersByName, valuesWithin } from "../../../sdk/env-files";
import { isThere, readSource } from "../../../sdk/files";
import { appFileName } from "../../../sdk/repository";
import { projectName, servicesNextTo } from "../../stack";
import type { Settings } from "./variables";
import type { Places } from "./version";

/** Returns facts about the settings of a stack, from the files of all services. */
export function settingsOf({ service, stage, dir }: Places): Settings {
  const layers = [baseStage, stage].map((name) => ({ path: join(dir, name), optional: true }));
  // Each deployment of the list asks for the readers of its secrets.
  let byService: ReturnType<typeof readLayersByName> | undefined;
  return {
    fullName: (name) => (name.includes(":") ? name : `${projectName() ?? ""}:${name}`),
    readersOf(name) {
      byService ??= readLayersByName(layers, {});
      const byVariables = [...byService].flatMap(([reader, variables]) => {
        const values = [...variables.values()].flatMap(({ value }) => valuesWithin(value));
        return values.some((value) => value.kind === "secret" && value.name === name) ? [reader] : [];
      });
      const byApp = servicesNextTo(dir).filter((reader) => {
        const app = join(dirname(dir), "services", reader, appFileName);
        return isThere(app) && mentions(readSource(app).text, name);
      });
      return [...new Set([...byVariables, ...byApp])].filter((reader) => reader !== service).sort();
    },
  };
}

/** True when a `dokploy-app.yaml` has `!secret NAME`. */
function mentions(text: string, name: string): boolean {
  const words = text.split(/[\s,'"{}[\]]+/);
  return words.some((word, at) => word === name && words[at - 1] === "!secret");
}
