import { promoteOptions, runPromote } from "../rollout";
import { type Command, exitCodes, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const promoteCommand: Command = {
  summary: "Write the images that run in one stage into the files of another",
  options: promoteOptions,
  help: [
    "Usage: pulumi-dokploy promote <from> <to> [service…] [options]",
    "",
    "Writes the images that run in the stack <from> into the files of the stage <to>, and shows the difference. Nothing is",
    "deployed: commit the change, and the plan of its pull request is the review.",
    "",
    "An image is promoted if its last deployment succeeded, and if exactly this image runs; with its digest, if the registry",
    "proves that it belongs to the running image. If any service is refused, nothing is written.",
    "",
    "The place is dokploy:imageTags.<service> in Pulumi.<to>.yaml, or stages.<to>.image in the service's dokploy-app.yaml if",
    'that file has a whole image. A program without a deployment repository reads the tag with dokploy.imageTag("<name>").',
    "",
    "Services that take the image of another one (imageOf in dokploy-app.yaml) move together with it.",
    "Without services, all of the stack are promoted that have an image to promote.",
    "",
    ...optionsHelp(promoteOptions, 20),
    "",
    "The server comes from the stack <from>, or else from DOKPLOY_URL and DOKPLOY_API_KEY. The key needs docker:read. The",
    "login for a registry comes from the application in Dokploy, or else from `docker login`.",
    "",
    ...exitCodesHelp({
      done: "written, or nothing to do",
      failed: "a service was refused",
      wrong: "an option or a stage is wrong, or the state or the server cannot be read",
    }),
    "",
    "Example:",
    "  pulumi-dokploy promote test prod --soak 24h      what has run in test for a day is to run in prod",
  ].join("\n"),

  async run(args) {
    const { output, refused } = await runPromote(args, dependencies);
    print(output);
    if (refused) process.exitCode = exitCodes.failed;
  },
};
