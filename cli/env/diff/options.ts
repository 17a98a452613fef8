import { flagOption, json, listOption, stagesFolder, valueOption } from "../../terminal";

/** Options of the command. */
export const diffOptions = {
  live: flagOption("Compare the stage's files with live:<stage>"),
  service: listOption("NAME", "Only this service; may be given several times"),
  ignore: listOption(
    "KEYS",
    "Leave out keys, separated by commas; * matches any characters; may be given several times",
  ),
  secret: listOption(
    "KEYS",
    "Never show the values of these keys, like the option secret of loadEnv; written like --ignore",
  ),
  "keys-only": flagOption("Compare only the names of variables"),
  all: flagOption("Also show equal variables in the table"),
  json,
  "fail-on": {
    ...valueOption(
      "LIST",
      "Results that end it with exit code 1: missing, extra, different, not-compared, or none",
    ),
    default: "missing,extra,different",
  },
  dir: stagesFolder,
  stack: valueOption("NAME", "Stack whose secrets and server are used for paths and ids"),
};
