import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

/** `test` or `prod`: also the name of the folder with its variables. */
const stage = pulumi.getStack();

const project = new dokploy.Project("notes", { name: `notes-${stage}` });

/** Three containers that are deployed together. The plan checks the file and reports lines. */
const notes = new dokploy.Compose("notes", {
  environmentId: project.defaultEnvironmentId,
  name: "notes",
  source: dokploy.composeFile("compose.yaml"),
  env: dokploy.loadEnv(["envs/base.yaml", `envs/${stage}/notes.yaml`]),
  // In this repository, a tag that can move is an error.
  checks: { "latest-tag": "error" },
});

/** Name of the compose project inside Docker. */
export const appName = notes.appName;
