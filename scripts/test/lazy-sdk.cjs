// Loaded before everything else into each Node.js process of a test run (see test.cjs). Each run of a stack starts two
// such processes, which need most of their time to load packages of Pulumi's SDK that these tests hardly use. As in the
// plugin, the SDK loads them when it first uses them.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

// The language host that toolchain.cjs builds with Go does not know the option `typescript: false` of Pulumi.yaml.
if (process.argv.at(-1)?.endsWith(".js")) delete process.env.PULUMI_NODEJS_TYPESCRIPT;

const built = path.join(__dirname, "..", "..", "dist", "plugin", "lazy-sdk.js");
if (fs.existsSync(built)) require(built).loadSdkLazily();

// This package would read the source maps of Pulumi's SDK for the stack trace of each resource, which no test shows. For
// programs in TypeScript, ts-node maps the traces itself.
const load = Module._load;
Module._load = (request, parent, isMain) =>
  request === "source-map-support/register" ? {} : load(request, parent, isMain);
