import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

/** `test` or `prod`: also the name of the folder with its variables. */
const stage = pulumi.getStack();
const config = new pulumi.Config();

/** All variables of the api, which is known by its id: what is not here is taken out of Dokploy. */
new dokploy.EnvironmentBlock("api", {
  target: { applicationId: config.require("apiId") },
  env: dokploy.loadEnv(`envs/${stage}/api.yaml`),
});

/** The website is known by its name. */
const website = dokploy.getComposeOutput({ name: "website", project: config.require("project") });

/** Only the switches of the website: its other variables stay as they are in Dokploy. */
new dokploy.EnvironmentBlock("website-switches", {
  target: { composeId: website.composeId },
  mode: "additive",
  env: dokploy.loadEnv(`envs/${stage}/website-switches.yaml`),
});
