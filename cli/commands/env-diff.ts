import { diffOptions, runDiff } from "../env";
import { type Command, exitCodes, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const diffCommand: Command = {
  summary: "Compare the variables of stages, files and servers",
  help: [
    "Usage: pulumi-dokploy env diff <a> <b> [options]",
    "       pulumi-dokploy env diff <stage> --live [options]",
    "",
    "Compares variables, service by service: missing (only <a> has them), extra (only <b> has them) and different ones.",
    "Secrets are compared and never shown. A value on the server is shown only if the program set it in plain text.",
    "",
    "<a> and <b> are each one of:",
    "  test                  a stage: the files in envs/test, with those of envs/base below them",
    "  ./envs/test/api.yaml  a file, or a directory of files",
    "  live:test             the variables on the server now, for the resources of the stack test",
    "  application/<id>, compose/<id>, project/<id>, environment/<id>, postgres/<id> …",
    "                        one object on the server",
    "",
    "A file is compared with the resource, or the service in Dokploy, that has its name. shared.yaml is compared",
    "with the variables of the project or environment.",
    "",
    ...optionsHelp(diffOptions),
    "",
    "!secret is read with `pulumi config --show-secrets` of the stage's stack, and !env from the environment; where that",
    "is not possible, only the key is compared. The server comes from the stack's settings (dokploy:url,",
    "dokploy:apiKey), or else from DOKPLOY_URL and DOKPLOY_API_KEY; a key goes only to the address given with it.",
    "",
    "JSON: { version: 1, a, b, keysOnly, failed, counts: { same, different, missing, extra, notCompared }, services: [",
    '{ name, sides: "both" | "a" | "b", variables: [{ key, status, a?, b?, why?, required?, description? }] }] }. status is',
    "same, different, missing, extra or not-compared; a and b exist if the value may be shown; why is the reason why it was",
    "not compared. required and description are those of the contract schema.yaml in --dir, for a variable that one stage",
    "lacks: required says whether that stage needs it.",
    "",
    ...exitCodesHelp({
      done: "nothing in --fail-on was found",
      failed: "something was",
      wrong: "an operand cannot be read, or an option is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy env diff test prod --keys-only    does prod have every variable that test has?",
    "  pulumi-dokploy env diff prod --live --fail-on missing,extra,different,not-compared",
    "                                                   did somebody change variables by hand?",
  ].join("\n"),

  async run(args) {
    const { output, failed } = await runDiff(args, dependencies);
    print(output);
    if (failed) process.exitCode = exitCodes.failed;
  },
};
