#!/usr/bin/env node
// The policies as a pack that needs no code: Pulumi starts this folder, or this file alone as an executable pack.
const path = require("node:path");
const { policies } = require("../dist/sdk/policies");

/** Returns the framework of Pulumi, an optional dependency; undefined where nobody has installed it. */
function frameworkOf() {
  try {
    return require("@pulumi/policy");
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    console.error("The policies of pulumi-dokploy need a package: npm install --save-dev @pulumi/policy");
    process.exitCode = 1;
  }
}

const framework = frameworkOf();
// The framework takes the version of the pack from the package.json of the current folder.
process.chdir(path.join(__dirname, ".."));
if (framework) new framework.PolicyPack("dokploy", { policies: policies() });
