import { join } from "node:path";
import { byText, isDomain, isHost, visible } from "../../../../packages/text";
import {
  baseStage,
  stagesIn as foldersOfStages,
  isProduction,
  previewStage,
  sharedService,
} from "../../../../sdk/env-files";
import { isThere } from "../../../../sdk/files";
import { stagesIn } from "../../../stack";
import type { TemplateService } from "./hosts";
import { isTemplateId, isTemplatesAddress, ownTemplates } from "./source";

const form = "plausible, or stats=plausible,host=stats";

/**
 * Reads the templates of a call.
 *
 * @param domain domain of hosts without a dot
 * @param taken names of other services
 * @param problem takes each mistake, as a sentence after the option
 */
export function readTemplates(
  texts: readonly string[],
  domain: string | undefined,
  taken: readonly string[],
  problem: (text: string) => void,
): TemplateService[] {
  const names = new Set(taken);
  return texts.flatMap((text) => {
    const [, given, id = "", host] = /^(?:([^=,]*)=)?([^=,]*)(?:,host=([^=,]*))?$/.exec(text) ?? [];
    if (!isTemplateId(id)) {
      problem(`takes the name of a template, with that of the service and a host if you like: ${form}.`);
      return [];
    }
    const name = given ?? nameFrom(id);
    if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name) || name === sharedService || name in Object.prototype)
      problem(`${visible(name)}: a service has small letters, digits and -, and is not called shared.`);
    if (names.has(name)) problem(`${visible(name)} is given twice: each service has its own name.`);
    names.add(name);
    if (host !== undefined && !isHost(host))
      problem(`${visible(name)}: host takes a name in small letters, or a whole host: host=stats.`);
    else if (host !== undefined && !host.includes(".") && domain === undefined)
      problem(
        `${visible(name)}: host=${visible(host)} needs the domain that it is in: --domain acme.dev, or a whole host.`,
      );
    const first = host ?? name;
    const whole = isDomain(first) ? first : domain && `${first}.${domain}`;
    return [{ name, id, host: whole }];
  });
}

/** Returns the name of a service for a template: `bolt-diy` for `bolt.diy`. */
function nameFrom(id: string): string {
  return id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 41)
    .replace(/-$/, "");
}

/** Returns the folder or address of the templates. */
export function placeOfTemplates(given: string | undefined, problem: (text: string) => void): string {
  const from = given ?? ownTemplates;
  if (/^[a-z][\w+.-]+:\/\//i.test(from) && !isTemplatesAddress(from))
    problem("--templates takes a folder, or an https address without a login and a query.");
  return from;
}

/**
 * Returns the stages of a deployment repository, production last.
 *
 * @returns undefined for a folder without a project
 */
export function stagesOfProject(directory: string): string[] | undefined {
  if (!isThere(join(directory, "Pulumi.yaml"))) return undefined;
  const inside = { root: directory };
  const envs = join(directory, "envs");
  const folders = isThere(envs) ? foldersOfStages(envs, inside) : [];
  return [...new Set([...stagesIn(directory, inside), ...folders])]
    .filter(
      (stage) => stage !== baseStage && stage !== previewStage && /^[A-Za-z0-9][\w.-]{0,60}$/.test(stage),
    )
    .sort((a, b) => Number(isProduction(a)) - Number(isProduction(b)) || byText(a, b));
}
