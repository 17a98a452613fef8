import { type DatabaseKind, databaseKinds } from "../dokploy/rows";
import type { Problem } from "../errors/problem";
import { isUnknown } from "../pulumi/unknown";
import { aOrAn } from "../schema/kinds";
import { nameOfImage } from "../services/images";

/** Of these, an image may pass for the other. */
const alike = ["mysql", "mariadb"];

/** What is wrong with the image of a database, if it is that of another one. */
export function imageProblems(database: DatabaseKind, image: string | undefined): Problem[] {
  if (typeof image !== "string" || isUnknown(image)) return [];
  const name = nameOfImage(image);
  const other = databaseKinds.find((kind) => kind === name && kind !== database);
  if (other === undefined || (alike.includes(database) && alike.includes(other))) return [];
  return [{ property: "image", reason: `is that of ${aOrAn(other)}, and this is ${aOrAn(database)}` }];
}

/** `8` of `mysql:8.4`; undefined where the tag does not begin with a number. */
export function majorOf(image: string): number | undefined {
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1] ?? "";
  const [, major] = /^v?(\d{1,5})/.exec(tag) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** What another version means for data that is there: it can go on with that, but never back. */
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
        `${name} ${to} does not start with the data of ${name} ${from}. Dump the data, give it a resource of a new name with ` +
        "that image, and restore the dump there",
    };
  }
  return {
    warning:
      `its data is taken from ${name} ${from} to ${to}, and there is no way back. Read the notes of that version, which may ` +
      "ask for one step at a time, and make a backup",
  };
}
