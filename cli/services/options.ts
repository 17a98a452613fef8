import { flagOption, json, valueOption } from "../terminal";

const stage = valueOption("NAME", "Stack of the stage; default: the selected one");

/** Options of `status`. */
export const statusOptions = {
  stage,
  watch: flagOption("Print it again when something changes, until Ctrl-C"),
  json,
};

/** Options of `logs`. */
export const logsOptions = {
  stage,
  follow: { ...flagOption("Print new lines as they come, until Ctrl-C"), short: "f" },
  tail: { ...valueOption("N", "Number of lines, at most 10000"), default: "100" },
  since: valueOption("TIME", "Only lines of this time: 30s, 10m, 2h, 1d"),
  timestamps: flagOption("Print the time of each line, as Docker has it"),
  container: valueOption("NAME", "Container of a compose service; default: all"),
} as const;

/** Options of `open`. */
export const openOptions = {
  stage,
  dashboard: flagOption("Open its page in Dokploy"),
  print: flagOption("Only print the address"),
};
