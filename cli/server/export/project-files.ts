import type { RunningPackage } from "./running-package";

/** First line of a `dokploy-app.yaml`, from which editors complete and check the file. */
export const appSchemaLine =
  "# yaml-language-server: $schema=../../node_modules/pulumi-dokploy/schemas/dokploy-app.schema.json\n";

/** Text of `.gitignore`. */
export const ignored = "node_modules/\n";

/** Returns the files around a program: those of Pulumi, npm and TypeScript. */
export function projectFiles(project: string, running: RunningPackage): Map<string, string> {
  return new Map([
    ["Pulumi.yaml", `name: ${project}\nruntime: nodejs\nmain: index.ts\n`],
    ["package.json", json(packageFile(project, running))],
    ["tsconfig.json", json(tsconfig)],
    [".gitignore", ignored],
  ]);
}

function packageFile(project: string, { wanted, sdk }: RunningPackage): object {
  return {
    name: project,
    private: true,
    dependencies: { "@pulumi/pulumi": sdk, "pulumi-dokploy": wanted },
    devDependencies: { "@types/node": "^20.0.0", typescript: "^5.0.0" },
  };
}

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  },
  files: ["index.ts"],
};

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
