import { join } from "node:path";
import { FileError, isThere, readSource } from "../../sdk/files";
import {
  layoutOf,
  previewsFileName,
  previewVolume,
  readApp,
  readLayout,
  readRules,
} from "../../sdk/repository";

/** Names of volumes that are mounted in one preview. */
export interface OwnVolumes {
  /** Beginning of the names of all of them; volumes of others may begin in the same way. */
  readonly prefix: string;
  /** Names that the files of the services give them. */
  readonly named: ReadonlySet<string>;
}

/**
 * Returns the names of a preview's volumes, as the files of the services here give them. Files with problems give none: a
 * preview can be removed nevertheless.
 */
export function ownVolumes(directory: string, project: string, number: string): OwnVolumes {
  const names = attempt(() => volumeNames(directory)) ?? [];
  return {
    prefix: previewVolume(project, number, ""),
    named: new Set(names.map((name) => previewVolume(project, number, name))),
  };
}

function volumeNames(directory: string): string[] {
  if (!isThere(join(directory, previewsFileName))) return [];
  const rules = readRules(directory, {});
  const { services, applied } = readLayout(directory, rules.from, layoutOf({ rules }));
  return services.flatMap(({ app: file }) => {
    const app = attempt(() => readApp(readSource(file, { withoutLinks: true }), applied, () => ""));
    const mounts = app?.inputs["mounts"];
    return (Array.isArray(mounts) ? mounts : []).flatMap((mount: { readonly volumeName?: unknown }) =>
      typeof mount.volumeName === "string" ? [mount.volumeName] : [],
    );
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
