import * as pulumi from "@pulumi/pulumi";
import {
  forPreview,
  type Limits,
  Place,
  type PreviewOptions,
  previewProblems,
  type ShapeProblem,
} from "../../packages/compose-checks/allowed";
import type { Node } from "../../packages/compose-checks/yaml";
import { visible } from "../../packages/text";
import { bytesToSize } from "../../provider/resources";
import { pathText } from "../../provider/schema";
import { isValues, type Path, type Values } from "../env-files";
import { type ComposeFileSource, collectAll, type FileProblem, fileError, type Source } from "../files";
import type { App } from "./app-file";
import type { Attached } from "./attached-lists";
import { withHost } from "./preview-hosts";
import { previewStage, previewsFileName, previewVolume, seedName } from "./preview-names";
import type { Preview } from "./preview-rules";
import type { PreviewRules } from "./preview-schema";
import { leftOut, limitsOf, previewTable } from "./preview-table";
import { hasForeignReference } from "./preview-variables";
import { pathsOf, secretsInCompose, secretsInInputs } from "./secret-places";

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
 * - it adopts nothing, is not protected, publishes no ports, and has limits of memory and CPUs
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
  const built = rules.buildsBranch?.includes(name) ? onBranch(inputs["source"], preview) : undefined;
  const own: Values = { ...inputs, ...(isValues(built) ? { source: built } : {}) };
  const findings = problemsOf(app, own, rules);
  if (typeof built === "string") findings.push(findingAt(app, ["source"], built));
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isValues) : []);
  const { domains, mounts } = inputs;
  if (domains !== undefined) own["domains"] = withHost(list(domains), name, preview);
  for (const [index, { volumeName }] of list(mounts).entries())
    if (typeof volumeName === "string" && /(?:^|-)pr-\d+-/.test(volumeName))
      findings.push(
        findingAt(
          app,
          ["mounts", index, "volumeName"],
          "has pr- and a number in its name, so that a preview of another project could have a volume of that name; name it differently",
        ),
      );
  if (mounts !== undefined) own["mounts"] = list(mounts).map((mount) => withOwnVolume(mount, preview));
  // Otherwise a push would deploy it in addition to the workflow.
  if (app.kind === "application" || app.kind === "compose") own["autoDeploy"] = false;
  const isShared = rules.dokployNetwork?.includes(name) === true;
  if (app.kind === "compose") {
    own["deleteVolumes"] = rules.deleteVolumes !== false;
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
      ownCompose(compose, {
        limits: limitsOf(rules),
        inDokploysNetwork: isShared ? routed : undefined,
        writtenFiles: list(mounts).flatMap(({ type, filePath }) =>
          type === "file" && typeof filePath === "string" ? [filePath] : [],
        ),
      }),
  );
  const isolated = {
    ...{ ...app, inputs: own, attached: seedOf(app, name, preview) },
    ...{ adopts: undefined, isProtected: false },
  };
  return { app: isolated, compose: limited };
}

/** Lists what the inputs of a service have that a preview may not have. */
function problemsOf(app: App, inputs: Values, rules: PreviewRules): FileProblem[] {
  const secrets = secretsInInputs(inputs).map((path) =>
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
  const problems: ShapeProblem[] = [];
  previewTable(app.kind, rules).judge(nodeOf(inputs, app), new Place("", undefined, problems));
  const advice = `leave it out, or override it in stages.${previewStage}`;
  const unlisted = problems.map(({ offset, reason }) => ({ offset, reason: `${reason}; ${advice}` }));
  return [...secrets, ...references, ...unlisted];
}

function findingAt(app: App, path: Path, reason: string): FileProblem {
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
  return isValues(value) && !pulumi.Output.isInstance(value) && Object.keys(value).length === 0;
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
 * Returns the compose file of a preview, in which each container has limits and writes to no file of `mounts`.
 *
 * @throws FileError for a compose file that says what a preview may not have, or has a secret
 */
function ownCompose(source: ComposeFileSource, options: PreviewOptions): ComposeFileSource {
  const { composeFile: text, file: path } = source;
  const advice = `leave it out, or name another file as composeFile in stages.${previewStage}`;
  const findings = previewProblems(text, options);
  const limited = findings.length === 0 ? forPreview(text, options) : undefined;
  if (limited !== undefined && "reason" in limited) findings.push(limited);
  const advised = findings.map(
    ({ offset, reason }): FileProblem => ({ offset, reason: `${reason}; ${advice}` }),
  );
  for (const { offset, path: at, variable } of secretsInCompose(text))
    advised.push({
      offset,
      reason:
        variable === undefined
          ? `${at}: has a password or the like, which a preview must not get; give it as a variable from envs`
          : `${at}: looks like a secret, which a preview must not get; give it as a variable, \${${variable}}, from envs`,
    });
  if (advised.length > 0) throw fileError({ path, text }, advised);
  return limited !== undefined && "text" in limited ? { ...source, composeFile: limited.text } : source;
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
