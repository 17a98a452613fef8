import * as pulumi from "@pulumi/pulumi";
import type { Limits } from "../../packages/compose-checks/allowed/limits";
import {
  type PreviewOptions,
  previewProblems,
  withLimits,
} from "../../packages/compose-checks/allowed/previews";
import { Place, type Problem } from "../../packages/compose-checks/allowed/shapes";
import { literalsOf, settingsIn } from "../../packages/compose-checks/checks/literals";
import type { Node } from "../../packages/compose-checks/yaml/nodes";
import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import { looksSecret } from "../../provider/env/secret-looking";
import { bytesToSize } from "../../provider/schema/fields";
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
  type Reading,
  type ReadOptions,
  type Source,
} from "../files/source";
import type { App } from "./app-file";
import type { Attached } from "./attached-lists";
import type { Layout } from "./layout";
import { withHost } from "./preview-hosts";
import { previewStage, previewsFileName, previewVolume, seedName } from "./preview-names";
import { isLink, type Preview } from "./preview-rules";
import type { PreviewRules } from "./preview-schema";
import { leftOut, limitsOf, previewTable } from "./preview-table";

/** A service, and its compose file if it is in the repository. */
export interface Isolated {
  readonly app: App;
  readonly compose: ComposeFileSource | undefined;
}

/**
 * Returns a service as a preview has it, so that its data and its names are those of no other stage or preview:
 *
 * - it has what {@link previewTable} names, and its compose file what that of compose files names
 * - domains get the host of the preview, and volumes a name of their own
 * - it adopts nothing, publishes no ports, and has limits of memory and CPUs
 * - no backup and no schedule runs, apart from the seed, which runs on request
 *
 * @throws FileError for anything else
 */
export function isolated(
  app: App,
  name: string,
  source: Source,
  compose: ComposeFileSource | undefined,
  preview: Preview,
): Isolated {
  const { rules } = preview;
  const inputs = Object.fromEntries(Object.entries(app.inputs).filter(([field]) => !leftOut.has(field)));
  const findings = problemsOf(app, inputs, rules);
  const own: Values = { ...inputs };
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isValues) : []);
  const { domains, mounts } = inputs;
  if (domains !== undefined) own["domains"] = withHost(list(domains), name, preview);
  if (mounts !== undefined) own["mounts"] = list(mounts).map((mount) => withOwnVolume(mount, preview));
  // Otherwise a push would deploy it in addition to the workflow.
  if (app.kind === "application" || app.kind === "compose") own["autoDeploy"] = false;
  if (rules.buildsBranch?.includes(name)) {
    const branch = onBranch(inputs["source"], preview);
    if (typeof branch === "string") findings.push(findingAt(app, ["source"], branch));
    else own["source"] = branch;
  }
  const isShared = rules.dokployNetwork?.includes(name) === true;
  if (app.kind === "compose") {
    own["deleteVolumes"] = true;
    if (!isShared) own["isolatedDeployment"] = true;
    if (!isShared && app.databaseUrls.length > 0)
      findings.push(
        findingAt(
          app,
          ["databaseUrls"],
          `needs Dokploy's network, where the databases are; name ${visible(name)} in dokployNetwork of ${previewsFileName}`,
        ),
      );
  } else own["resources"] = withDefaults(inputs["resources"], limitsOf(rules));
  const routed = list(domains).map(({ serviceName }) => String(serviceName));
  const [, limited] = collectAll(
    () => {
      if (findings.length > 0) throw fileError(source, findings);
    },
    () =>
      compose &&
      ownCompose(compose, { limits: limitsOf(rules), inDokploysNetwork: isShared ? routed : undefined }),
  );
  const isolated = { ...app, inputs: own, attached: seedOf(app, name, preview), adopts: undefined };
  return { app: isolated, compose: limited };
}

/** Lists what the inputs of a service have that a preview may not have. */
function problemsOf(app: App, inputs: Values, rules: PreviewRules): Finding[] {
  const secrets = pathsOf(inputs, isSecret).map((path) =>
    findingAt(
      app,
      path,
      `is a secret in the file, which a preview must not get; write !secret, or another value in stages.${previewStage}`,
    ),
  );
  const references = pathsOf(inputs, hasForeignReference).map((path) =>
    findingAt(
      app,
      path,
      `refers to a vault, or to something else that is not of the preview; override it in stages.${previewStage}`,
    ),
  );
  const problems: Problem[] = [];
  previewTable(app.kind, rules).judge(nodeOf(inputs, app), new Place("", undefined, problems));
  const advice = `leave it out, or override it in stages.${previewStage}`;
  const unlisted = problems.map(({ offset, reason }) => ({ offset, reason: `${reason}; ${advice}` }));
  return [...secrets, ...references, ...unlisted];
}

function findingAt(app: App, path: Path, reason: string): Finding {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : step));
  return { offset: app.placeOf(...path), reason: `${pathText(steps)}: ${reason}` };
}

/** Returns a value as a tree with places. An empty list or mapping counts as absent, so that a stage can leave out a value. */
function nodeOf(value: unknown, app: App, path: Path = []): Node {
  const offset = app.placeOf(...path);
  if (Array.isArray(value))
    return { kind: "list", offset, items: value.map((item, index) => nodeOf(item, app, [...path, index])) };
  if (isValues(value) && !pulumi.Output.isInstance(value)) {
    const entries = Object.entries(value)
      .filter(([, item]) => !isEmpty(item))
      .map(([key, item]) => {
        const node = nodeOf(item, app, [...path, key]);
        return [key, { key, offset: node.offset, value: node }] as const;
      });
    return { kind: "map", offset, entries: new Map(entries), again: [] };
  }
  const text = typeof value === "object" ? "" : String(value);
  return { kind: "scalar", offset, value, text, source: text };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isValues(value) && !pulumi.Output.isInstance(value) && Object.values(value).every(isEmpty);
}

/** Returns a mount whose volume has a separate name: a repository on the same server may have a pull request of this number. */
function withOwnVolume(mount: Values, { number }: Preview): Values {
  const { volumeName } = mount;
  return typeof volumeName === "string"
    ? { ...mount, volumeName: previewVolume(pulumi.getProject(), number, volumeName) }
    : mount;
}

function withDefaults(resources: unknown, { memory, cpu }: Limits): Values {
  return {
    memoryLimit: bytesToSize(String(memory)),
    cpuLimit: cpu,
    ...(isValues(resources) ? resources : {}),
  };
}

/**
 * Returns the compose file of a preview, in which each container has limits.
 *
 * @throws FileError for a compose file that says what a preview may not have, or has a secret
 */
function ownCompose(source: ComposeFileSource, options: PreviewOptions): ComposeFileSource {
  const { composeFile: text, file: path } = source;
  const advice = `leave it out, or name another file as composeFile in stages.${previewStage}`;
  const findings = previewProblems(text, options);
  const limited = findings.length === 0 ? withLimits(text, options.limits) : undefined;
  if (limited !== undefined && "reason" in limited) findings.push(limited);
  const advised = findings.map(({ offset, reason }): Finding => ({ offset, reason: `${reason}; ${advice}` }));
  for (const { key, value, offset, path: at } of literalsOf(text))
    if (!value.startsWith("${") && looksSecret(key, value))
      advised.push({
        offset,
        reason: `${at}: looks like a secret, which a preview must not get; give it as a variable, \${${key}}, from envs`,
      });
  if (advised.length > 0) throw fileError({ path, text }, advised);
  return limited !== undefined && "text" in limited ? { ...source, composeFile: limited.text } : source;
}

/** True for a reference of Dokploy to anything but a variable of the project or the environment, which are those of the preview. */
function hasForeignReference(text: string): boolean {
  return text.replaceAll(/\$\{\{(?:project\.|environment\.)?[A-Za-z_]\w*\}\}/g, "").includes("${{");
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

/** Returns a source with the branch of the pull request, or the reason why there is none. */
function onBranch(source: unknown, { branch }: Preview): Values | string {
  if (!isValues(source) || source["branch"] === undefined)
    return "is not built from a branch, and buildsBranch of the rules for previews names this service";
  if (branch === undefined)
    return "is built from the branch of the pull request, which dokploy:previewBranch does not name";
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
  reading: Reading,
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
    if (isOfPreviews && managers[value.manager].staysIn(value.reference)) return undefined;
    return (
      `takes a secret of another stage from ${managers[value.manager].title}; write another reference in ` +
      `envs/${previewStage}, or leave it out with \`without\``
    );
  }
  if (value.kind !== "text") return outsideReason(value.kind, value.name);
  if (hasForeignReference(value.text))
    return "refers to a vault, or to something else that is not of the preview; leave it out with `without`, or override it";
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
  for (const list of ["services", "buildsBranch", "dokployNetwork", "seed"] as const) {
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
