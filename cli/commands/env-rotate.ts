import { rotateOptions, runRotate } from "../env";
import { type Command, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const rotateCommand: Command = {
  summary: "Write the next step of the rotation of a secret into its file",
  options: rotateOptions,
  help: [
    "Usage: pulumi-dokploy env rotate KEY --stage STAGE [options]",
    "",
    "A rotation has three steps, so that no container meets a value that it does not know. Run the command once for each",
    "step, and deploy in between: the service gets KEY and KEY_NEXT, then KEY and KEY_PREVIOUS, then KEY alone.",
    "",
    "It edits the file that has the variable, which is !generate or !secret. The value of a !secret is read from stdin, and",
    "stored in the stack under the next name, such as sessionKey2.",
    "",
    ...optionsHelp(rotateOptions),
    "",
    ...exitCodesHelp({
      done: "the file has the next step",
      failed: "the variable cannot be rotated by a command",
      wrong: "an argument is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy env rotate SESSION_KEY --stage prod --service api",
    "  openssl rand -hex 32 | pulumi-dokploy env rotate PARTNER_KEY --stage prod",
  ].join("\n"),

  async run(args) {
    print(await runRotate(args, dependencies));
  },
};
