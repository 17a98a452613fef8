import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { yamlLibrary } from "../../packages/compose-checks/yaml";
import { isRecord } from "../../packages/values";

/**
 * Returns the address of the backend that keeps the state, as Pulumi finds it: in the environment, in the Pulumi.yaml around the
 * working directory, or that of `pulumi login`; empty for none.
 */
export function backendOf(env: NodeJS.ProcessEnv): string {
  const { PULUMI_BACKEND_URL: given = "", PULUMI_HOME, HOME = homedir() } = env;
  if (given !== "") return given;
  const project = recordIn(projectText(process.cwd()))["backend"];
  const login = recordIn(textOf(join(PULUMI_HOME || join(HOME, ".pulumi"), "credentials.json")))["current"];
  const address = (isRecord(project) && project["url"]) || login;
  return typeof address === "string" ? address : "";
}

/** Returns the text of the nearest Pulumi.yaml. */
function projectText(folder: string): string | undefined {
  const text = textOf(join(folder, "Pulumi.yaml")) ?? textOf(join(folder, "Pulumi.yml"));
  const parent = dirname(folder);
  return text === undefined && parent !== folder ? projectText(parent) : text;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Parses YAML or JSON; empty for a text that Pulumi itself refuses. */
function recordIn(text = ""): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = yamlLibrary().parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
