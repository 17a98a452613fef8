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
