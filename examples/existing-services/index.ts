import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

/** `test` or `prod`: also the name of the folder with its variables. */
const stage = pulumi.getStack();
const config = new pulumi.Config();

/** All variables of the api, which is found by its id. Variables that are not here are removed from Dokploy. */
new dokploy.EnvironmentBlock("api", {
  target: { applicationId: config.require("apiId") },
  env: dokploy.loadEnv(`envs/${stage}/api.yaml`),
});

/** The website is found by its name. */
const website = dokploy.getComposeOutput({ name: "website", project: config.require("project") });

/** Only the feature switches of the website. Its other variables in Dokploy stay as they are. */
new dokploy.EnvironmentBlock("website-switches", {
  target: { composeId: website.composeId },
  mode: "additive",
  env: dokploy.loadEnv(`envs/${stage}/website-switches.yaml`),
});
