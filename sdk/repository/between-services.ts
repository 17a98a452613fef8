import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { visible } from "../../packages/text";
import { unknownValue } from "../../packages/values";
import { listsIn } from "../../provider/engine";
import { applicationSchema, composeSchema } from "../../provider/resources";
import { baseStage, filesNamed, readLayers } from "../env-files";
import { FileError, isThere, placeName, type Reading, type Source } from "../files";
import { fixedVolumes, volumeOf } from "../program-checks";
import { noteFinding, rememberedBy, serverOf, warn } from "../run";
import { type App, readApp } from "./app-file";
import type { Layout, ServiceFiles } from "./layout";
import { previewStage } from "./preview-names";
import type { Service } from "./service";
import { composeFileOf } from "./services";

type Described = Pick<Service, "name" | "selected" | "app" | "source">;

/** A volume or a domain that only one stage should have, with its place in the files of the service. */
interface Claim {
  readonly check: "shared-volume" | "shared-domain";
  /** Equal for equal volumes or domains. */
  readonly key: string;
  /** Place in the words of messages, with a name: `services/wiki/dokploy-app.yaml:4:26 uploads`. */
  readonly place: string;
}

/** Reports volumes and domains that services have in several stages, as the files of the repository say. */
export function checkStages(
  layout: Layout,
  services: readonly Described[],
  stage: string,
  reading: Reading,
): void {
  const others = layout.stages.filter((other) => other !== stage && other !== previewStage);
  const described = services.flatMap(({ name, selected, app, source }) => {
    const files = layout.services.find((service) => service.name === name);
    return files === undefined ? [] : [{ name, selected, app, source, files }];
  });
  const here = described
    .filter(({ selected }) => selected)
    .flatMap(({ name, app, source, files }) =>
      claimsOf(app, source, { ...files, stage }, reading).map((claim) => ({ name, ...claim })),
    );
  if (here.length === 0) return;
  const elsewhere = described.flatMap(({ name, source, files }) =>
    others.map((other) => ({ name, other, claims: inStage(source, files, other, reading) })),
  );
  for (const { name, check, key, place } of here) {
    const sharing = elsewhere.filter(({ claims }) =>
      claims.some((claim) => claim.check === check && claim.key === key),
    );
    if (sharing.length === 0) continue;
    const own = sharing.filter((claimed) => claimed.name === name).map(({ other }) => other);
    const others = sharing.filter((claimed) => claimed.name !== name);
    const theirs = others.map((claimed) => `, ${visible(claimed.name)} in ${visible(claimed.other)}`);
    const stages = [stage, ...own].map(visible).join(", ");
    const names = [name, ...others.map((claimed) => claimed.name)];
    noteFinding({ check, name: names, place: `${place} in ${stages}${theirs.join("")}` });
  }
}

/** Returns the claims of a service in another stage; none when its file has a mistake there, which that stage reports. */
function inStage(source: Source, files: ServiceFiles, stage: string, reading: Reading): Claim[] {
  try {
    return claimsOf(
      readApp(source, [stage], () => ""),
      source,
      { ...files, stage },
      reading,
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}

function claimsOf(
  app: App,
  source: Source,
  files: ServiceFiles & { readonly stage: string },
  reading: Reading,
): Claim[] {
  const { mounts, serverId } = app.inputs;
  const volume = (name: string, at: string): Claim => ({
    check: "shared-volume",
    key: `${name} ${String(serverId)}`,
    place: `${at} ${visible(name)}`,
  });
  const mounted = (Array.isArray(mounts) ? mounts : []).flatMap((mount, index) =>
    volumeOf(mount).map((name) =>
      volume(name, placeName(source, app.placeOf("mounts", index, "volumeName"))),
    ),
  );
  const compose = composeFileOf(files, app, reading);
  const file = visible(compose?.file ?? source.path);
  const domains = placesOf(app, source)
    .filter(({ kind }) => kind === "Domain")
    .map(({ place, at, label }): Claim => ({ check: "shared-domain", key: place, place: `${at} ${label}` }));
  return [
    ...mounted,
    ...fixedVolumes(compose, variablesOf(files, reading)).map((name) => volume(name, file)),
    ...domains,
  ];
}

/** Returns the variables of a service in a stage, undefined for a value that its files do not show. */
function variablesOf(
  { name, stageFile, stage }: ServiceFiles & { readonly stage: string },
  reading: Reading,
): Readonly<Record<string, string | undefined>> | undefined {
  const envs = dirname(dirname(stageFile));
  const files = filesNamed(name, [join(envs, baseStage), join(envs, stage)], reading).filter(isThere);
  if (files.length === 0) return undefined;
  const values = [...readLayers(files, reading)].map(([key, { value }]) => [
    key,
    value.kind === "text" && !value.text.includes("${{") ? value.text : undefined,
  ]);
  return Object.fromEntries(values);
}

/** A place on a server that only one object can have, such as a domain or a port of the machine. */
interface TakenPlace {
  readonly kind: string;
  readonly place: string;
  /** Effect of two objects in one place. */
  readonly effect: string;
  /** Place in the file: `services/wiki/dokploy-app.yaml:4:11`. */
  readonly at: string;
  readonly label: string;
}

/** The first service in each place, of all repositories of a program on one server. */
const firstOn = rememberedBy(
  (_: object) => new Map<string, { readonly name: string; readonly at: string }>(),
);

/** Reports places on one server that two services have, such as the same domain, with both lines of their files. */
export function checkPlaces(services: readonly Described[], resource: pulumi.Resource): void {
  const first = firstOn(serverOf({ parent: resource }));
  for (const { name, app, source } of services.filter(({ selected }) => selected)) {
    for (const { kind, place, effect, at, label } of placesOf(app, source)) {
      // Names in the DNS lead to one server, so that of a domain does not matter.
      const server = kind === "Domain" ? "" : String(app.inputs["serverId"]);
      const key = `${kind} ${place} ${server}`;
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, { name, at });
        continue;
      }
      const both = [name, other.name];
      const finding = { check: "shared-domain", name: both, place: `${at} ${label} as ${other.at}` } as const;
      if (kind === "Domain" && noteFinding(finding)) continue;
      const text = `${at}: ${kind} ${label} is that of the service ${other.name} (${other.at}) too: ${effect}. Give one of them another.`;
      warn(text, "advice", resource);
    }
  }
}

/** Returns the places that the file of a service claims, as far as it gives them as plain values. */
function placesOf(app: App, source: Source): TakenPlace[] {
  return partsOf(app).flatMap(({ model, inputs, offset }) => {
    const taken: TakenPlace[] = [];
    model.findings(inputs, (place, effect) => {
      if (place !== undefined) {
        const label = visible(model.spec.label(inputs));
        taken.push({ kind: model.kind, place, effect, at: placeName(source, offset), label });
      }
      return undefined;
    });
    return taken;
  });
}

/** Returns the parts that the file of a service lists. A value that is an output is unknown. */
function partsOf({ kind, inputs, placeOf }: App) {
  const schema = kind === "application" ? applicationSchema : kind === "compose" ? composeSchema : undefined;
  return [...(schema === undefined ? [] : listsIn(schema))].flatMap(([list, model]) =>
    ((inputs[list] ?? []) as Readonly<Record<string, unknown>>[]).map((part, index) => {
      const entries = Object.entries(part).map(([key, value]) => [
        key,
        pulumi.Output.isInstance(value) ? unknownValue : value,
      ]);
      return { model, inputs: Object.fromEntries(entries), offset: placeOf(list, index) };
    }),
  );
}
