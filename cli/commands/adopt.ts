import { adoptOptions, runAdopt } from "../server";
import { type Command, exitCodes, exitCodesHelp, optionsHelp } from "../terminal";
import { dependencies } from "./dependencies";

export const adoptCommand: Command = {
  summary: "Give a stack whose state was lost the objects of its program again",
  options: adoptOptions,
  help: [
    "Usage: pulumi-dokploy adopt --stage STAGE [options]",
    "",
    "Finds the object of each resource that the state does not have: by its kind and name, in the project and environment of",
    "the program. Shows all of them in a table, with their ids, and what the update will do. Asks once, and then runs",
    "`pulumi up`, which adopts them.",
    "",
    "Names are not unique in Dokploy, and others can choose them, so compare the ids with those that you know. Two objects of",
    "one name are refused; the file in dokploy:adopt can name the right one.",
    "",
    ...optionsHelp(adoptOptions),
    "",
    ...exitCodesHelp({
      done: "adopted, and the next plan is empty",
      failed: "an object was not found or not clear, the update failed, or the next plan is not empty",
      wrong: "an option is wrong, nobody agreed, or the stack cannot be read",
    }),
    "",
    "The server comes from the stack, or else from DOKPLOY_URL and DOKPLOY_API_KEY.",
  ].join("\n"),

  async run(args) {
    if (!(await runAdopt(args, dependencies))) process.exitCode = exitCodes.failed;
  },
};
