import { promoteOptions, runPromote } from "../rollout";
import { type Command, exitCodes, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const promoteCommand: Command = {
  summary: "Write the images that run in one stage into the files of another",
  help: [
    "Usage: pulumi-dokploy promote <from> <to> [service…] [options]",
    "",
    "Writes the images that run in the stack <from> into the files of the stage <to>, and shows the difference. Nothing is",
    "deployed: commit the change, and the plan of its pull request is the review.",
    "",
    "An image is promoted if its last deployment succeeded, and if exactly this image runs. Its digest is written too",
    "if the registry proves that it belongs to the running image. Otherwise only the tag is written, and the output says",
    "why. If any service is refused, nothing is written.",
    "",
    "The place is dokploy:imageTags.<service> in Pulumi.<to>.yaml, or stages.<to>.image in the service's dokploy-app.yaml if",
    'that file has a whole image. A program without a deployment repository reads the tag with dokploy.imageTag("<name>").',
    "",
    "Without services, all applications and compose services of the stack are promoted, except those that have nothing to",
    "promote: they are built from source, or have no variable IMAGE_TAG.",
    "",
    ...optionsHelp(promoteOptions, 20),
    "",
    "The server comes from the settings of the stack <from> (dokploy:url, dokploy:apiKey), or else from DOKPLOY_URL and",
    "DOKPLOY_API_KEY. The user of the key needs the permission docker:read. The login for a registry comes from the",
    "application in Dokploy, or else from the file that `docker login` writes (DOCKER_CONFIG or ~/.docker).",
    "",
    "JSON: { version: 1, from, to, refused, written: [file], services: [{ name, status, file?, before?,",
    "after?, note?, advice?, why? }], splits?: [{ image, moves: [name], stays: [name] }] }. status is changed, same, refused or left-out; note is the reason why there is no",
    "digest, advice what the program needs to read the value, and why the reason for refused and left-out. splits has the",
    "images that several services share in <from>, and that only some of them get in <to>.",
    "",
    ...exitCodesHelp({
      done: "written, or nothing to do",
      failed: "a service was refused",
      wrong: "an option or a stage is wrong, or the state or the server cannot be read",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy promote test prod                 what runs in test is to run in prod",
    "  pulumi-dokploy promote test prod api --dry-run   what would change for api?",
  ].join("\n"),

  async run(args) {
    const { output, refused } = await runPromote(args, dependencies);
    print(output);
    if (refused) process.exitCode = exitCodes.failed;
  },
};
