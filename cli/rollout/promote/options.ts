import { flagOption, json, UsageError, valueOption } from "../../terminal";

/** Options of the command. */
export const promoteOptions = {
  "dry-run": flagOption("Show the difference, and write nothing"),
  "require-digest": flagOption("Refuse an image whose digest is not proven"),
  soak: valueOption("TIME", "Refuse an image that has run for less, such as 24h, 30m or 2d"),
  "from-prod": flagOption("Do not ask before a stage gets the images of a production stage"),
  json,
};

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses the time of `--soak`, in milliseconds.
 *
 * @throws UsageError for any other text
 */
export function parseSoak(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ""] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (units[unit] ?? 0);
  throw new UsageError("--soak takes a number of minutes, hours or days, such as 30m, 24h or 2d.");
}
