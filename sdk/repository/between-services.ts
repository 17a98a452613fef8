import * as pulumi from "@pulumi/pulumi";
import { visible } from "../../packages/text";
import { listsIn } from "../../provider/engine";
import { unknownValue } from "../../provider/pulumi";
import { applicationSchema, composeSchema } from "../../provider/resources";
import { FileError, placeName, type Reading, type Source } from "../files";
import { fixedVolumes, volumeOf } from "../program-checks";
import { noteFinding, rememberedBy, serverOf, warn } from "../run";
import { type App, readApp } from "./app-file";
import type { Layout, ServiceFiles } from "./layout";
import { previewStage } from "./preview-names";
import type { Service } from "./service";
import { composeFileOf } from "./services";

type Described = Pick<Service, "name" | "selected" | "app" | "source">;

/** A volume that the server has only once, with its place in the files of the service. */
interface Volume {
  readonly name: string;
  readonly server: unknown;
  readonly place: string;
}

/** Reports volumes that services have under one name in several stages, as the files of the repository say. */
export function checkStageVolumes(
  layout: Layout,
  services: readonly Described[],
  stage: string,
  reading: Reading,
): void {
  const others = layout.stages.filter((other) => other !== stage && other !== previewStage);
  for (const { name, app, source } of services.filter(({ selected }) => selected)) {
    const files = layout.services.find((service) => service.name === name);
    const own = files === undefined ? [] : volumesIn(app, source, files, reading);
    if (files === undefined || own.length === 0) continue;
    const elsewhere = others.map((other) => ({ other, volumes: inStage(source, files, other, reading) }));
    for (const { name: volume, server, place } of own) {
      const shared = elsewhere.filter(({ volumes }) =>
        volumes.some((one) => one.name === volume && one.server === server),
      );
      if (shared.length === 0) continue;
      const stages = [stage, ...shared.map(({ other }) => other)].map(visible).join(", ");
      noteFinding({ check: "shared-volume", name, place: `${place} ${visible(volume)} in ${stages}` });
    }
  }
}

/** Returns the volumes of a service in another stage; none when its file has a mistake there, which that stage reports. */
function inStage(source: Source, files: ServiceFiles, stage: string, reading: Reading): Volume[] {
  try {
    return volumesIn(
      readApp(source, [stage], () => ""),
      source,
      files,
      reading,
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [];
  }
}

function volumesIn(app: App, source: Source, files: ServiceFiles, reading: Reading): Volume[] {
  const { mounts, serverId: server } = app.inputs;
  const mounted = (Array.isArray(mounts) ? mounts : []).flatMap((mount, index) =>
    volumeOf(mount).map((name) => ({
      name,
      server,
      place: placeName(source, app.placeOf("mounts", index, "volumeName")),
    })),
  );
  const compose = composeFileOf(files, app, reading);
  const place = visible(compose?.file ?? source.path);
  return [...mounted, ...fixedVolumes(compose).map((name) => ({ name, server, place }))];
}

/** The first service with each place, of all repositories of a program on one server. */
const firstOn = rememberedBy((_: object) => new Map<string, string>());

/** Warns of places on one server that two services have, such as the same domain, with both lines of their files. */
export function warnOfSamePlaces(services: readonly Described[], resource: pulumi.Resource): void {
  const first = firstOn(serverOf({ parent: resource }));
  for (const { name, app, source } of services.filter(({ selected }) => selected)) {
    for (const { model, inputs, offset } of partsOf(app)) {
      const at = placeName(source, offset);
      model.findings(inputs, (place, effect) => {
        if (place === undefined) return undefined;
        const key = `${model.kind} ${place} ${String(app.inputs["serverId"])}`;
        const other = first.get(key);
        if (other === undefined) first.set(key, `${name} (${at})`);
        else {
          const label = `${model.kind} ${visible(model.spec.label(inputs))}`;
          const text = `${at}: ${label} is that of the service ${other} too: ${effect}. Give one of them another.`;
          warn(text, "advice", resource);
        }
        return undefined;
      });
    }
  }
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
