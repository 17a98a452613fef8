import * as pulumi from "@pulumi/pulumi";
import { someOf, visible } from "../../packages/text";
import { looksSecret } from "../../provider/env";
import {
  type Contracts,
  type FileVariable,
  type FileVariables,
  keyFilter,
  loadServiceEnv,
  managers,
  nameInFile,
  readLayers,
  type ServiceEnv,
  type ServiceVariables,
  type Tagged,
} from "../env-files";
import { Findings, inserted, type Reading, type ReadOptions } from "../files";
import type { Layout } from "./layout";
import { previewStage } from "./preview-names";
import { isLink, type Preview } from "./preview-rules";
import { isSecretText } from "./secret-places";

/**
 * Loads the variables of a preview, without those that the rules leave out. Each secret
 * must be a `!secret`, which the preview's own configuration gives, or a value in the folder of previews. Addresses are those
 * of its own services.
 *
 * @param files files of every stage, of the stage, and of previews, as far as they exist
 * @throws FileError for a secret of another stage
 */
export function loadPreviewEnv(
  files: ServiceVariables,
  { rules }: Preview,
  reading: Reading,
  contracts: Contracts,
): ServiceEnv {
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

function variablesIn(files: readonly string[], reading: ReadOptions): FileVariables {
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

/** Returns the reason why a preview takes no value of a tag in a `dokploy-app.yaml`. */
export function outsideReasonIn({ value, field }: Pick<Tagged, "value" | "field">): string | undefined {
  switch (value.kind) {
    case "secret":
    case "environment":
      return outsideReason(value.kind, value.name);
    case "generated":
      return value.signingKey && outsideReasonIn({ value: value.signingKey as Tagged["value"], field });
    default: {
      const inside = "values" in value ? Object.values(value.values ?? {}) : [];
      const reasons = inside.map((inner) => outsideReasonIn({ value: inner as Tagged["value"], field }));
      const text = value.kind === "filled" ? textReason(value, field) : undefined;
      return [text, ...reasons].find((reason) => reason !== undefined);
    }
  }
}

/** Returns the reason why a preview takes no text with places for secrets: the checks of its inputs see only what it becomes. */
export function textReason(filled: Filled, field: string): string | undefined {
  const text = ownText(filled);
  if (hasForeignReference(text))
    return `refers to a vault, or to something else that is not of the preview; override it in stages.${previewStage}`;
  if (!isSecretText(text, field)) return undefined;
  return (
    "is a secret in the file, which a preview must not get; give it a place and a !secret, or another value in " +
    `stages.${previewStage}`
  );
}

type Filled = Pick<Extract<FileVariable["value"], { kind: "filled" }>, "text" | "values">;

/** Returns what a text says itself, with nothing in its places; empty when that has no letter or digit. */
function ownText({ text, values }: Filled): string {
  const own = inserted(text, Object.fromEntries(Object.keys(values).map((name) => [name, ""])));
  return /[\p{L}\p{N}]/u.test(own) ? own : "";
}

function secretReason(entry: FileVariable): string | undefined {
  const { key, value, source } = entry;
  if (value.kind === "filled") {
    const text: FileVariable["value"] = { kind: "text", text: ownText(value), plain: false };
    for (const inner of [text, ...Object.values(value.values)]) {
      const reason = secretReason({ ...entry, value: inner });
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
  const isOfPreviews = source.path.split(/[\\/]/).at(-2) === previewStage && !isLink(source.path);
  if (value.kind === "managed") {
    if (isOfPreviews && managers[value.manager].staysIn(value.reference)) return undefined;
    return (
      `takes a secret of another stage from ${managers[value.manager].title}; write another reference in ` +
      `envs/${previewStage}, or leave it out with \`without\``
    );
  }
  if (value.kind === "address") return undefined;
  // Each preview makes its own.
  if (value.kind === "generated")
    return value.signingKey && secretReason({ ...entry, value: value.signingKey });
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
      throw rules.problem([list], `names ${someOf(unknown)}, but the repository has ${someOf(names)}`);
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

/** True for a reference of Dokploy to anything but a variable of the project or the environment, which are those of the preview. */
export function hasForeignReference(text: string): boolean {
  return text.replaceAll(/\$\{\{(?:project\.|environment\.)?[A-Za-z_]\w*\}\}/g, "").includes("${{");
}
