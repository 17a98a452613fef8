/** The actions of others that the recipes use, and what stands in their places. */
import * as assert from "node:assert/strict";
import type { Artifacts } from "./artifacts";
import type { Action } from "./steps";

/** The commit of a version, as the tags of its repository have it, and the inputs of that version that are used. */
interface Used {
  commit: string;
  version: string;
  inputs: readonly string[];
}

const cache: Used = {
  commit: "27d5ce7f107fe9357f9df03efb73ab90386fccae",
  version: "v5.0.5",
  inputs: ["path", "key"],
};

export const usedActions: Readonly<Record<string, Used>> = {
  "actions/checkout": {
    commit: "3d3c42e5aac5ba805825da76410c181273ba90b1",
    version: "v7.0.1",
    inputs: ["persist-credentials", "fetch-depth", "repository", "ref", "path"],
  },
  "actions/setup-node": {
    commit: "820762786026740c76f36085b0efc47a31fe5020",
    version: "v7.0.0",
    inputs: ["node-version", "cache", "package-manager-cache"],
  },
  "actions/cache/restore": cache,
  "actions/cache/save": cache,
  "actions/upload-artifact": {
    commit: "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
    version: "v7.0.1",
    inputs: ["name", "path", "if-no-files-found", "overwrite", "retention-days", "archive"],
  },
  "actions/download-artifact": {
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    version: "v8.0.1",
    inputs: ["name", "pattern", "path", "merge-multiple"],
  },
  "actions/deploy-pages": {
    commit: "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128",
    version: "v5.0.0",
    inputs: [],
  },
  "pulumi/actions": {
    commit: "8e5e406f4007fca908480587cb9893c07090f58d",
    version: "v7.0.0",
    inputs: ["command", "stack-name", "diff", "comment-on-pr", "pulumi-version"],
  },
  "aws-actions/configure-aws-credentials": {
    commit: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
    version: "v6.2.3",
    inputs: ["role-to-assume", "aws-region"],
  },
};

/**
 * What stands in the places of the actions that a run uses. Node.js and the CLI are there already; nothing is in a cache.
 *
 * @param checkOut writes the files of a repository into the workspace, or into a folder of it
 */
export function standIns(artifacts: Artifacts, checkOut: Action): Record<string, Action> {
  const all: Record<string, Action> = {
    ...artifacts.actions(),
    "actions/checkout": checkOut,
    "actions/setup-node": async () => undefined,
    "actions/cache/restore": async () => ({ code: 0, output: "", outputs: { "cache-hit": "" } }),
    "actions/cache/save": async () => undefined,
    "pulumi/actions": async () => undefined,
  };
  const checked = (name: string, action: Action): Action => {
    const { inputs: known = [] } = usedActions[name] ?? {};
    return async (inputs, running) => {
      for (const input of Object.keys(inputs))
        assert.ok(known.includes(input), `${name} has no input ${input}`);
      return await action(inputs, running);
    };
  };
  return Object.fromEntries(Object.entries(all).map(([name, action]) => [name, checked(name, action)]));
}
