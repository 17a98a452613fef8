import { visible } from "../../../packages/text";
import { isUnknown } from "../../../packages/values";
import {
  callDatabase,
  DATABASES,
  type DatabaseDetail,
  type DatabaseKind,
  databaseKinds,
  ifFound,
} from "../../dokploy";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context, Planned } from "../../lifecycle";
import { nounWithArticle } from "../../schema";
import { nameOfImage } from "../services/images";
import { imageThatRan } from "./has-run";

/** Kinds whose images may replace each other. */
const alike = ["mysql", "mariadb"];

/** Returns a problem if the image is that of another kind of database. */
export function imageProblems(database: DatabaseKind, image: string | undefined): Problem[] {
  if (typeof image !== "string" || isUnknown(image)) return [];
  const name = nameOfImage(image);
  const other = databaseKinds.find((kind) => kind === name && kind !== database);
  if (other === undefined || (alike.includes(database) && alike.includes(other))) return [];
  return [
    {
      property: "image",
      reason: `is an image for ${nounWithArticle(other)}, and this is ${nounWithArticle(database)}`,
    },
  ];
}

/** Returns the major version, `8` for `mysql:8.4`; undefined when the tag does not begin with a number. */
export function majorOf(image: string): number | undefined {
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1] ?? "";
  const [, major] = /^v?(\d{1,5})/.exec(tag) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** Describes another major version: a newer one can use existing data, but an older one cannot. */
export function otherMajor(name: string, former: string, image: string): Verdict {
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

/** Damage that another image would cause, or advice for an image that is allowed. */
interface Verdict {
  readonly problem?: string;
  readonly warning?: string;
}

/**
 * Returns a check that another image starts with the data of a database.
 *
 * @param judge returns the verdict on an image for the row of a database
 * @returns the `preview` of an entity
 */
export function imageCheck(
  kind: DatabaseKind,
  judge: (row: DatabaseDetail, image: string) => Verdict,
): (
  inputs: { readonly image?: string | undefined },
  context: Context,
  planned: Planned,
) => Promise<Problem[]> {
  return async ({ image }, { reads, warn }, { id, adopted, changes }) => {
    const there = id ?? adopted;
    if (there === undefined || image === undefined || changes.every(({ apply }) => apply === "none"))
      return [];
    const row = await ifFound(callDatabase(reads, kind, there, "one", {}));
    if (row === undefined || image === row.dockerImage) return [];
    const after = (dockerImage: string) => judge({ ...row, dockerImage }, image);
    const afterWhatRan = async (row: DatabaseDetail): Promise<Verdict> => {
      const ran = await imageThatRan(row, reads);
      // There is no data yet.
      return ran === undefined ? {} : after(ran);
    };
    const saved = after(row.dockerImage);
    const isFine = saved.problem === undefined && saved.warning === undefined;
    const { problem, warning } = isFine ? saved : await afterWhatRan(row);
    if (problem !== undefined) throw new CheckFailedError([{ property: "image", reason: problem }]);
    const label = `${DATABASES[kind].kind} "${visible(row.name)}" (${there})`;
    if (warning !== undefined) warn(`${label}: ${warning}.`, "data");
    return [];
  };
}
