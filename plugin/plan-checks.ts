import { isRecord, isUnknown } from "../packages/values";
import { levelOf, readRunSettings, type Sources } from "../provider/dokploy";
import { looksSecret, shownKey } from "../provider/env";
import type { Problem } from "../provider/errors";
import { report } from "../provider/runtime";
import { findingsOf } from "../sdk/program-checks";
import { type Finding, inputNames, isPlain, sentenceOf } from "../sdk/run";
import type { Resource } from "./resources";
import { type Path, type Unsealed, valueAt } from "./values";

/** Checks of the inputs of resources, each reported alone: a plugin does not know the end of a program. */
export class PlanChecks {
  /** Pulumi checks some resources more than once. */
  readonly #reported = new Set<string>();

  constructor(private readonly sources: () => Sources) {}

  /**
   * Reports what the checks find.
   *
   * @param asked inputs of the program
   * @param read inputs with the variables of files, and what was found in these
   * @returns paths of variables that look like secrets, and problems that end the plan
   */
  of(
    { kind, name = "" }: Resource,
    asked: Unsealed,
    read: Unsealed & { readonly findings: readonly Finding[] },
  ): { secrets: Path[]; failures: Problem[] } {
    const secrets = plainSecrets(kind, asked);
    const found: Finding[] = [
      ...secrets.map((path): Finding => {
        return {
          check: "plain-secret",
          name: `${name}.${path.join(".")}`,
          place: `${kind} "${name}" ${shownPath(path)}`,
        };
      }),
      ...read.findings,
      ...findingsOf(kind, name, read.values),
    ];
    if (found.length === 0) return { secrets, failures: [] };
    const { checks } = readRunSettings(this.sources());
    const failures: Problem[] = [];
    for (const { check, name: its, place } of found) {
      const level = levelOf(check, its, checks);
      const text = sentenceOf(check, [place]);
      if (level === "error") failures.push({ property: "", reason: text });
      if (level === "off" || level === "error" || this.#reported.has(text)) continue;
      this.#reported.add(text);
      report(level === "warn" ? "warn" : "inform", text, "advice");
    }
    return { secrets, failures };
  }
}

/** Returns the path of a variable as a message may show it. */
export function shownPath(path: Path): string {
  return path.map(shownKey).join(".");
}

function plainSecrets(kind: Resource["kind"], { values, secrets }: Unsealed): Path[] {
  const marked = new Set(secrets.map((path) => path.join("/")));
  return inputNames[kind].variables.flatMap((text: string): Path[] => {
    const path = text.split(".");
    const map = valueAt(values, path);
    if (!isRecord(map) || path.some((_, length) => marked.has(path.slice(0, length + 1).join("/"))))
      return [];
    return Object.entries(map).flatMap(([key, value]) => {
      if (typeof value !== "string" || isUnknown(value) || marked.has([...path, key].join("/"))) return [];
      return looksSecret(key, value) && !isPlain(key, value) ? [[...path, key]] : [];
    });
  });
}
