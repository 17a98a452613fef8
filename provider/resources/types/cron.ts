/** Cron expressions and time zones that Dokploy's scheduler accepts; Dokploy itself stores any text. */

import { z } from "zod";

/** One of the parts of an expression. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** True when `?` may replace `*`, as in days. */
  readonly any?: true;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const SECOND: Field = { name: "second", min: 0, max: 59 };
const MINUTE: Field = { name: "minute", min: 0, max: 59 };
const HOUR: Field = { name: "hour", min: 0, max: 23 };
const DAY: Field = { name: "day of the month", min: 1, max: 31, any: true };
const MONTH: Field = { name: "month", min: 1, max: 12, names: MONTHS };
const WEEKDAY: Field = { name: "day of the week", min: 0, max: 7, names: WEEKDAYS, any: true };

const ALIASES: readonly string[] = ["@yearly", "@monthly", "@weekly", "@daily", "@hourly"];

/** Longer than any real expression. */
const MAX_LENGTH = 500;

class CronError extends Error {}

/**
 * Returns the reason why Dokploy's scheduler (node-schedule with cron-parser 4) would never run at such a time, or at
 * other times than it seems; undefined when it would. An expression has five fields, or six with seconds first.
 *
 * @returns the end of a sentence that begins with the name of the input
 *
 * @example
 * cronProblem("0 3 * * *"); // undefined
 * cronProblem("0 25 * * *"); // 'has the hour "25", which is not within 0 and 23'
 */
export function cronProblem(expression: string): string | undefined {
  if (ALIASES.includes(expression)) return undefined;
  if (expression.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const parts = expression.split(" ").filter((part) => part !== "");
  if (parts.length < 5 || parts.length > 6 || /[^\x20-\x7e]/.test(expression)) {
    return (
      'is not a cron expression such as "0 3 * * *": minute, hour, day of the month, month and day of the week, ' +
      `separated by spaces, with optional seconds before them, or one of ${ALIASES.join(", ")}`
    );
  }
  const [second, minute, hour, day, month, weekday] = (parts.length === 6 ? parts : ["0", ...parts]) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  try {
    for (const [field, text] of [[SECOND, second], [MINUTE, minute], [HOUR, hour]] as const) valuesOf(field, text); // biome-ignore format: one line
    const months = valuesOf(MONTH, month);
    const hasLastDay = day.split(",").includes("L");
    const days = valuesOf(DAY, day.split(",").filter((part) => part !== "L").join(",") || "*"); // biome-ignore format: one line
    const isAnyWeekday = checkWeekdays(weekday);
    const comes = months.some((one) => days.some((each) => each <= (DAYS_IN_MONTH[one - 1] ?? 0)));
    if (!hasLastDay && isAnyWeekday && !comes) return `never comes: no such month has the day ${day}`;
  } catch (error) {
    if (error instanceof CronError) return error.message;
    throw error;
  }
  return undefined;
}

/**
 * Checks the days of the week, which may also be `MON#2`, the second Monday of the month, and `5L`, the last Friday.
 *
 * @returns true when it means every day
 * @throws CronError
 */
function checkWeekdays(text: string): boolean {
  const [, nth, which] = /^([^#,/-]+)#(.*)$/.exec(text) ?? [];
  if (nth !== undefined) {
    if (!/^[1-5]$/.test(which ?? ""))
      throw new CronError(`has "${shown(text)}", of which a month has at most 5`);
    numberOf(WEEKDAY, nth);
    return false;
  }
  const parts = text.split(",");
  const plain = parts.filter((part) => !/^[0-7]L$/.test(part));
  if (plain.length === 0) return false;
  valuesOf(WEEKDAY, plain.join(","));
  return parts.length === 1 && /^[*?]$/.test(text);
}

/** @throws CronError for a text that the scheduler would refuse or misread */
function valuesOf(field: Field, text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [range = "", step, ...more] = part.split("/");
    if (more.length > 0)
      throw new CronError(`has "${shown(part)}" as ${field.name}, with more than one step`);
    const isAll = range === "*" || (range === "?" && field.any === true);
    const [from = "", to, ...rest] = isAll ? [] : range.split("-");
    if (rest.length > 0) throw new CronError(`has "${shown(part)}" as ${field.name}, which is not a range`);
    const first = isAll ? field.min : numberOf(field, from);
    const last = isAll || (to === undefined && step !== undefined) ? field.max : to === undefined ? first : numberOf(field, to); // biome-ignore format: one line
    if (first > last)
      throw new CronError(`has the range "${shown(range)}" as ${field.name}, which ends before it begins`);
    const every = step === undefined ? 1 : stepOf(field, part, step);
    const count = Math.floor((last - first) / every) + 1;
    return Array.from({ length: count }, (_, at) => first + at * every);
  });
}

function numberOf(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + field.min;
  if (!/^[0-9]{1,4}$/.test(text)) {
    const names = field.names === undefined ? "" : ` or a name such as ${field.names[1]?.toUpperCase()}`;
    throw new CronError(`has "${shown(text)}" as ${field.name}, which is not a number${names}`);
  }
  const number = Number(text);
  if (number >= field.min && number <= field.max) return number;
  throw new CronError(`has the ${field.name} "${text}", which is not within ${field.min} and ${field.max}`);
}

function stepOf(field: Field, part: string, step: string): number {
  const every = /^[0-9]{1,4}$/.test(step) ? Number(step) : 0;
  if (every >= 1 && every <= field.max + 1) return every;
  const why =
    every === 0
      ? "whose step is not a number from 1 upwards"
      : `whose step is longer than the range: it would match only the first value`;
  throw new CronError(`has "${shown(part)}" as ${field.name}, ${why}`);
}

function shown(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}

/** Schema of a cron expression that Dokploy's scheduler accepts. */
export const cron = z.string().superRefine((expression, { addIssue }) => {
  const message = cronProblem(expression);
  if (message !== undefined) addIssue({ code: "custom", message });
});

/** Schema of an IANA time zone, such as `Europe/Berlin`. */
export const timeZone = z
  .string()
  .refine((name) => isTimeZone(name), "is not a time zone such as Europe/Berlin or UTC");

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
