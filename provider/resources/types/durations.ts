import { z } from "zod";

const MILLISECOND = 1e6;
const units = { h: 3_600_000 * MILLISECOND, m: 60_000 * MILLISECOND, s: 1000 * MILLISECOND, ms: MILLISECOND };
const pattern = new RegExp(
  `^(?=\\d)${Object.keys(units)
    .map((unit) => `(?:(\\d{1,9}(?:\\.\\d{1,9})?)${unit})?`)
    .join("")}$`,
);
const example = "a duration such as 10s, 500ms, 1m30s or 1h";

const text = z.string().regex(pattern, `is not ${example} (units h, m, s and ms, in this order)`);
const count = "is a number, which means nanoseconds, and must be whole and not negative";
const number = z.number().int(count).min(0, count);

/** Docker refuses a health check with less than this, except 0, which leaves the value to the image or to Docker. */
const isCheckable = (duration: string | number) =>
  nanosecondsOf(duration) >= MILLISECOND || nanosecondsOf(duration) === 0;
const tooShort = "is less than 1 ms, which Docker refuses for a health check";

/** Duration in the settings of Swarm: a text such as `10s`, or a number of nanoseconds, as Docker has it. */
export const swarmDuration = z.union([number, text], { error: reasonOf });

/** Duration of a health check. */
export const checkDuration = text.refine(isCheckable, tooShort);

/** Duration of a health check in the settings of Swarm. */
export const swarmCheckDuration = z.union(
  [
    number.refine(isCheckable, `${tooShort}: a number means nanoseconds, so write a text such as 10s`),
    checkDuration,
  ],
  { error: reasonOf },
);

/** Returns the mistake in a text or a number. */
function reasonOf(issue: z.core.$ZodRawIssue): string {
  const ofTypes = issue.code === "invalid_union" ? issue.errors.map(([first]) => first) : [];
  const [ofNumber, ofText] = ofTypes;
  const found = { string: ofText, number: ofNumber }[typeof issue.input as string];
  return found?.message ?? `must be ${example}`;
}

/** Converts `"1m30s"` to nanoseconds, and keeps a number, which is one of nanoseconds. */
export function nanosecondsOf(duration: string | number): number {
  if (typeof duration === "number") return duration;
  const amounts = pattern.exec(duration)?.slice(1) ?? [];
  return Math.round(Object.values(units).reduce((sum, unit, at) => sum + Number(amounts[at] ?? 0) * unit, 0));
}

/** Converts nanoseconds to a text such as `"1m30s"`, and keeps a number with a fraction of a millisecond. */
export function durationOf(nanoseconds: number): string | number {
  if (nanoseconds % MILLISECOND !== 0) return nanoseconds;
  let remaining = nanoseconds;
  const parts = Object.entries(units).map(([unit, size]) => {
    const amount = Math.floor(remaining / size);
    remaining -= amount * size;
    return amount === 0 ? "" : `${amount}${unit}`;
  });
  return parts.join("") || "0s";
}

/** Returns the conversions of an object between durations as people write them and nanoseconds, in these fields. */
export function nanosecondsIn(...fields: readonly string[]): {
  write(values: object): Record<string, unknown>;
  read(values: object): Record<string, unknown>;
} {
  const converted = <T>(values: object, convert: (value: T) => unknown) =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, fields.includes(name) ? convert(value as T) : value]],
      ),
    );
  return {
    write: (values) => converted(values, nanosecondsOf),
    read: (values) => converted(values, durationOf),
  };
}
