import { rollbackOptions, runRollback } from "../rollout";
import { type Command, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const rollbackCommand: Command = {
  summary: "Write the change that returns a service to a deployment that worked",
  options: rollbackOptions,
  help: [
    "Usage: pulumi-dokploy rollback <service> --stage STAGE [options]",
    "",
    "Lists the deployments of a service that ended without an error, newest first: time, id, image, commit, and who made",
    "it. Below each is what going back would change. Names of variables are shown, never their values.",
    "",
    "With --to or --previous, it writes the change that goes back: the image into Pulumi.<stack>.yaml or dokploy-app.yaml,",
    "the variables into the service's file in envs/STAGE, and its earlier encrypted secrets into Pulumi.<stack>.yaml.",
    "Nothing is committed or deployed.",
    "",
    ...optionsHelp(rollbackOptions, 17),
    "",
    "A deployment belongs to the pulumi up that made it, whose commit is in its description or in the history of the stack.",
    "One that was made by hand has no commit, so there is no way back to it. Dokploy keeps 11 deployments of a service.",
    "Data in a database never goes back.",
    "",
    ...exitCodesHelp({
      done: "listed, written, or nothing to do",
      failed: "the service cannot go back",
      wrong: "an argument is wrong, or the stack cannot be read",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy rollback api --stage prod               which deployments worked?",
    "  pulumi-dokploy rollback api --stage prod --previous    write the files of the previous one",
    '  pulumi-dokploy rollback api --stage prod --to "2026-11-29 12:00"',
  ].join("\n"),

  async run(args) {
    print(await runRollback(args, dependencies));
  },
};
