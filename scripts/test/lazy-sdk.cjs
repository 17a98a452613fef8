// Loaded before everything else into each Node.js process of a test run (see test.cjs). Each run of a stack starts two
// such processes, which need most of their time to load packages of Pulumi's SDK that these tests hardly use: to
// serialize functions, to translate TypeScript, to trace, to automate. Here, the SDK loads them when it first uses them.
const Module = require("node:module");

const onFirstUse = /^(@npmcli\/arborist|typescript|\.\/automation|@opentelemetry\/(?!api$).*)$/;

// The language host that toolchain.cjs builds with Go does not know the option `typescript: false` of Pulumi.yaml.
if (process.argv.at(-1)?.endsWith(".js")) delete process.env.PULUMI_NODEJS_TYPESCRIPT;

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const bySdk = /[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? "");
  if (!bySdk || !onFirstUse.test(request)) return load.call(this, request, parent, isMain);
  const loaded = () => load.call(this, request, parent, isMain);
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : loaded()[key]) });
};
