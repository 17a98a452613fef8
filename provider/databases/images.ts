import { type DatabaseKind, databaseKinds } from "../dokploy/kinds";
import type { Problem } from "../errors/problem";
import { isUnknown } from "../pulumi/unknown";
import { aOrAn } from "../schema/kinds";
import { nameOfImage } from "../services/images";

/** Kinds whose images may replace each other. */
const alike = ["mysql", "mariadb"];

/** Returns a problem if the image is that of another kind of database. */
export function imageProblems(database: DatabaseKind, image: string | undefined): Problem[] {
  if (typeof image !== "string" || isUnknown(image)) return [];
  const name = nameOfImage(image);
  const other = databaseKinds.find((kind) => kind === name && kind !== database);
  if (other === undefined || (alike.includes(database) && alike.includes(other))) return [];
  return [{ property: "image", reason: `is an image for ${aOrAn(other)}, and this is ${aOrAn(database)}` }];
}

/** Returns the major version, `8` for `mysql:8.4`; undefined when the tag does not begin with a number. */
export function majorOf(image: string): number | undefined {
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1] ?? "";
  const [, major] = /^v?(\d{1,5})/.exec(tag) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** Describes another major version: a newer one can use existing data, but an older one cannot. */
export function otherMajor(
  name: string,
  former: string,
  image: string,
): { problem?: string; warning?: string } {
  const [from, to] = [majorOf(former), majorOf(image)];
  if (from === undefined || to === undefined || from === to) return {};
  if (to < from) {
    return {
      problem:
        `${name} ${to} does not start with the data of ${name} ${from}. Dump the data, add a resource with a new ` +
        "name and that image, and restore the dump there",
    };
  }
  return {
    warning:
      `its data is upgraded from ${name} ${from} to ${to}, which cannot be undone. Read the release notes of that ` +
      "version, which may require one version at a time, and make a backup",
  };
}
