import { diffOptions, runDiff } from "../env";
import { type Command, exitCodes, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const diffCommand: Command = {
  summary: "Compare the variables of stages, files and servers",
  options: diffOptions,
  help: [
    "Usage: pulumi-dokploy env diff <a> <b> [options]",
    "       pulumi-dokploy env diff <stage> --live [options]",
    "",
    "Compares variables, service by service: missing (only <a> has them), extra (only <b> has them) and different ones.",
    "Secrets are compared and never shown. <a> and <b> are each one of:",
    "  test                  a stage: the files in envs/test, with those of envs/base below them",
    "  ./envs/test/api.yaml  a file, or a directory of files",
    "  live:test             the variables on the server now, for the resources of the stack test",
    "  application/<id>      one object on the server; also compose/<id>, project/<id>, postgres/<id> …",
    "",
    ...optionsHelp(diffOptions),
    "",
    ...exitCodesHelp({
      done: "no result that --fail-on lists",
      failed: "a result that --fail-on lists",
      wrong: "an operand cannot be read, or an option is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy env diff test prod --keys-only    does prod have every variable that test has?",
    "  pulumi-dokploy env diff prod --live              did somebody change variables by hand?",
  ].join("\n"),

  async run(args) {
    const { output, failed } = await runDiff(args, dependencies);
    print(output);
    if (failed) process.exitCode = exitCodes.failed;
  },
};
