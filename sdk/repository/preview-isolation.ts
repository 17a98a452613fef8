import * as pulumi from "@pulumi/pulumi";
import { literalsOf, settingsIn } from "../../packages/compose-checks/checks/literals";
import { reachOf } from "../../packages/compose-checks/checks/reach";
import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import { looksSecret } from "../../provider/env/secret-looking";
import { pathText } from "../../provider/schema/type-problems";
import type { Contracts } from "../env-files/contract-check";
import type { Entry } from "../env-files/entry";
import { readLayers, type Variables } from "../env-files/layers";
import { type EnvVars, loadServiceEnv, type ServiceVariables } from "../env-files/load-env";
import { managers } from "../env-files/managers/table";
import { keyFilter, nameInFile } from "../env-files/select";
import { isValues, type Path, type Values } from "../env-files/value-tree";
import type { ComposeFileSource } from "../files/compose-file";
import {
  collectAll,
  type Finding,
  Findings,
  fileError,
  type ReadOptions,
  type Source,
} from "../files/source";
import type { App } from "./app-file";
import type { Attached } from "./attached-lists";
import type { Layout } from "./layout";
import { withHost } from "./preview-hosts";
import { previewStage, previewVolume, seedName } from "./preview-names";
import { isLink, type Preview } from "./preview-rules";

/**
 * Returns a service as a preview has it, so that it shares nothing with another stage or preview:
 *
 * - domains get the host of the preview
 * - it adopts nothing, and publishes no ports
 * - volumes get a name of their own; folders of the server are refused
 * - no backup and no schedule runs, apart from the seed, which runs on request
 *
 * @throws FileError for what would reach another stage
 */
export function isolated(
  app: App,
  name: string,
  source: Source,
  compose: ComposeFileSource | undefined,
  preview: Preview,
): App {
  const { rules, number } = preview;
  const findings: Finding[] = [];
  const report = (path: Path, reason: string) =>
    void findings.push({
      offset: app.placeOf(...path),
      reason: `${pathText(path.map((step) => (typeof step === "number" ? `[${step}]` : step)))}: ${reason}`,
    });
  const inputs = Object.fromEntries(Object.entries(app.inputs).filter(([field]) => !leftOut.test(field)));
  for (const path of pathsOf(inputs, isSecret))
    report(
      path,
      `is a secret in the file, which a preview must not get; write !secret, or another value in stages.${previewStage}`,
    );
  const { domains, mounts } = inputs;
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isValues) : []);
  const own: Values = { ...inputs };
  if (domains !== undefined) own["domains"] = withHost(list(domains), name, preview);
  if (mounts !== undefined) {
    own["mounts"] = list(mounts).map((mount, index) => {
      if (mount["type"] === "bind")
        report(
          ["mounts", index],
          `is a folder of the server, which other stages use too; leave it out in stages.${previewStage}`,
        );
      const { volumeName } = mount;
      if (typeof volumeName !== "string") return mount;
      return { ...mount, volumeName: previewVolume(pulumi.getProject(), number, volumeName) };
    });
  }
  const swarm = isValues(inputs["swarm"]) ? inputs["swarm"] : {};
  for (const [path, value] of [
    [["networkIds"], inputs["networkIds"]],
    [["serviceNetworks"], inputs["serviceNetworks"]],
    [["swarm"], swarm["networks"]],
  ] as const)
    if (value !== undefined)
      report(path, `names networks that other stages use too; leave them out in stages.${previewStage}`);
  if (isValues(swarm["endpointSpec"]) && swarm["endpointSpec"]["Ports"] !== undefined)
    report(
      ["swarm", "endpointSpec"],
      `publishes ports of the server; leave it out in stages.${previewStage}`,
    );
  const labels = isValues(swarm["labels"]) ? Object.keys(swarm["labels"]) : [];
  if (labels.some((label) => /^(?:traefik|com\.docker)\./i.test(label)))
    report(
      ["swarm", "labels"],
      `has a route of Traefik, or a label of Docker; leave it out in stages.${previewStage}, and use domains`,
    );
  for (const path of pathsOf(inputs, (text) => text.includes(vaultReference)))
    report(
      path,
      `refers to a vault, which gives secrets of other stages; override it in stages.${previewStage}`,
    );
  // Otherwise a push would deploy it in addition to the workflow.
  if (app.kind === "application" || app.kind === "compose") own["autoDeploy"] = false;
  if (rules.buildsBranch?.includes(name)) own["source"] = onBranch(inputs["source"], preview, report);
  if (app.kind === "compose") {
    own["deleteVolumes"] = true;
    if (inputs["source"] !== undefined)
      report(
        ["source"],
        "is a compose file outside of this repository, which is not checked for what it shares with other stages; leave the service out of the previews",
      );
    if (inputs["command"] !== undefined)
      report(["command"], `may name the project of another stage; leave it out in stages.${previewStage}`);
  }
  collectAll(
    () => {
      if (findings.length > 0) throw fileError(source, findings);
    },
    () => {
      if (compose !== undefined) assertOwn(compose);
    },
  );
  return { ...app, inputs: own, attached: seedOf(app, name, preview), adopts: undefined };
}

/**
 * Matches inputs that a preview never has: ports of the server, the previews that Dokploy itself would make of it, and
 * images to roll back to in a registry.
 */
const leftOut = /^(?:ports|external\w*Port|preview|rollbackActive|rollbackRegistryId)$/;

/** Beginning of a reference to a vault. */
const vaultReference = "${{vault.";

/** @throws FileError when a compose file names something that other stages have too, or has a secret */
function assertOwn({ composeFile: text, file: path }: ComposeFileSource): void {
  const advice = `a preview shares nothing with other stages; name another file as composeFile in stages.${previewStage}`;
  const findings: Finding[] = reachOf(text).map(({ offset, reason }) => ({
    offset,
    reason: `${reason}: ${advice}`,
  }));
  for (const { key, value, offset, path: at } of literalsOf(text))
    if (!value.startsWith("${") && looksSecret(key, value))
      findings.push({
        offset,
        reason: `${at}: looks like a secret, which a preview must not get; give it as a variable, \${${key}}, from envs`,
      });
  if (findings.length > 0) throw fileError({ path, text }, findings);
}

/** Lists the paths of texts that match. */
function pathsOf(value: unknown, matches: (text: string, path: Path) => boolean, path: Path = []): Path[] {
  if (typeof value === "string") return matches(value, path) ? [path] : [];
  const inner: [PropertyKey, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isValues(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([step, item]) => pathsOf(item, matches, [...path, step]));
}

/** True for a text that looks like a secret, and for the content of a file that has one. */
function isSecret(text: string, path: Path): boolean {
  const name = String(path.at(-1) ?? "");
  const settings = name === "content" ? settingsIn(text) : [];
  return looksSecret(name, text) || settings.some(({ key, value }) => looksSecret(key, value));
}

function onBranch(
  source: unknown,
  { branch }: Preview,
  report: (path: Path, reason: string) => void,
): unknown {
  if (!isValues(source) || source["branch"] === undefined) {
    report(
      ["source"],
      "is not built from a branch, and buildsBranch of the rules for previews names this service",
    );
    return source;
  }
  if (branch === undefined) {
    report(
      ["source"],
      "is built from the branch of the pull request, which dokploy:previewBranch does not name",
    );
    return source;
  }
  return { ...source, branch };
}

/** The schedule that holds the seed. It is off, so that Dokploy runs it on request only. Each image has `sh`. */
function seedOf(app: App, name: string, { rules }: Preview): Attached {
  const { seed = {} } = rules;
  const given = Object.hasOwn(seed, name) ? seed[name] : undefined;
  if (given === undefined) return {};
  const path = ["seed", name];
  const isCompose = app.kind === "compose";
  if (app.kind !== "application" && !isCompose)
    throw rules.problem(path, "is a database; name the service whose container has the command");
  if (isCompose !== (typeof given === "object"))
    throw rules.problem(
      path,
      isCompose
        ? "needs serviceName, the container's name in the compose file, and command"
        : "needs the command alone",
    );
  const command = typeof given === "string" ? { command: given } : given;
  return {
    schedules: [{ name: seedName, cronExpression: "0 0 1 1 *", enabled: false, shellType: "sh", ...command }],
  };
}

/**
 * Loads the variables of a preview, without those that the rules leave out; undefined when there are no files. Each secret
 * must be a `!secret`, which the preview's own configuration gives, or a value in the folder of previews.
 *
 * @param files files of every stage, of the stage, and of previews, as far as they exist
 * @throws FileError for a secret of another stage
 */
export function loadPreviewEnv(
  files: ServiceVariables,
  { rules }: Preview,
  reading: ReadOptions,
  contracts: Contracts,
): EnvVars | undefined {
  const { without = [] } = rules;
  const takes = keyFilter({ exclude: without });
  const variables = variablesIn(files.variables, reading);
  const findings = new Findings();
  for (const entry of variables.values()) {
    const reason = takes(nameInFile(entry)) ? secretReason(entry) : undefined;
    if (reason === undefined) continue;
    findings.add(entry.source, { offset: entry.offset, reason: `${entry.key}: ${reason}` });
  }
  const error = findings.error();
  if (error !== undefined) throw error;
  const excluded = [...variables.values()].map(nameInFile).filter((name) => !takes(name));
  const given = [...files.given, ...excluded];
  return loadServiceEnv({ ...files, given }, { ...reading, exclude: excluded }, contracts);
}

function variablesIn(files: readonly string[], reading: ReadOptions): Variables {
  return files.length === 0 ? new Map() : readLayers(files, reading);
}

/**
 * Returns the reason why a preview takes no value from outside of the files; undefined for a secret of the project's own
 * configuration. Otherwise a file could put a key of the job into a container.
 *
 * @param name with the namespace of a secret, if the file has one: `shop:token`
 */
export function outsideReason(kind: "secret" | "environment", name: string): string | undefined {
  if (kind === "environment")
    return (
      "comes from the environment of the run, which has keys; write !secret, or a value for previews " +
      `in envs/${previewStage} or stages.${previewStage}`
    );
  const colon = name.lastIndexOf(":");
  if (colon === -1 || name.slice(0, colon) === pulumi.getProject()) return undefined;
  const own = name.slice(colon + 1);
  return (
    `comes from the configuration of ${visible(name.slice(0, colon))}, such as the key of a provider; write ` +
    `!secret ${visible(own)}, and set it with: pulumi config set --secret ${visible(own)} --stack ${previewStage}`
  );
}

function secretReason({ key, value, source }: Entry): string | undefined {
  const isOfPreviews = source.path.split(/[\\/]/).at(-2) === previewStage && !isLink(source.path);
  if (value.kind === "managed") {
    if (isOfPreviews) return undefined;
    return (
      `takes a secret of another stage from ${managers[value.manager].title}; write another reference in ` +
      `envs/${previewStage}, or leave it out with \`without\``
    );
  }
  if (value.kind !== "text") return outsideReason(value.kind, value.name);
  if (value.text.includes(vaultReference))
    return "refers to a vault, which gives secrets of other stages; leave it out with `without`, or override it";
  if (value.plain || isOfPreviews || !looksSecret(key, value.text)) return undefined;
  return (
    "looks like a secret, which a preview must not get; write !secret, override it in " +
    `envs/${previewStage}, leave it out with \`without\`, or mark it as !plain`
  );
}

/**
 * Checks the names of services and variables in the rules against the files.
 *
 * @throws FileError for a name that does not exist, since a mistyped one would leave a secret in
 */
export function assertNames(
  { rules }: Preview,
  { services, leftOut, shared }: Layout,
  reading: ReadOptions,
): void {
  const names = [...services.map(({ name }) => name), ...leftOut];
  for (const list of ["services", "buildsBranch", "seed"] as const) {
    const given = rules[list] ?? [];
    const unknown = (Array.isArray(given) ? given : Object.keys(given)).filter(
      (name) => !names.includes(name),
    );
    if (unknown.length > 0)
      throw rules.problem([list], `names ${someOf(unknown)}, and the repository has ${someOf(names)}`);
  }
  const { without = [] } = rules;
  if (without.length === 0) return;
  const files = [...services.flatMap(({ variables }) => variables), ...shared.variables];
  const keys = new Set(files.flatMap((file) => [...readLayers([file], reading).values()].map(nameInFile)));
  const unknown = without.filter((name) => ![...keys].some((key) => !keyFilter({ exclude: [name] })(key)));
  if (unknown.length > 0)
    throw rules.problem(
      ["without"],
      `names ${someOf(unknown)}, which no service has; correct it or remove it`,
    );
}
