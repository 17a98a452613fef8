/** A setting that holds names, apart by commas or blanks. */
export function splitNames(setting: string | undefined): string[] {
  return (setting ?? "").split(/[\s,]+/).filter((name) => name !== "");
}
