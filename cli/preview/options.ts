import { flagOption, json, listOption, valueOption } from "../terminal";

const common = {
  dir: valueOption(
    "DIR",
    "Folder with Pulumi.yaml and dokploy-previews.yaml (default: the working directory)",
  ),
  json,
};

const unlock = flagOption(
  "Remove the lock of a killed run; only where no other run can be at work on this preview",
);

/** Options of `preview-env up`. */
export const upOptions = {
  tag: listOption("S=TAG", "Tag of the image of service S; may be given several times"),
  branch: valueOption(
    "NAME",
    "Branch of the pull request, which Dokploy builds for the services in buildsBranch; empty for none",
  ),
  comment: valueOption("FILE", "Write the comment to a file too"),
  unlock,
  ...common,
};

/** Options of `preview-env remove`. */
export const removeOptions = {
  comment: valueOption("FILE", "Write a comment for the pull request to a file"),
  unlock,
  ...common,
};

/** Options of `preview-env list`. */
export const listOptions = common;

/** Options of `preview-env sweep`. */
export const sweepOptions = {
  open: valueOption(
    "NUMBERS",
    "Open pull requests, separated by commas or spaces; previews of all others are removed. Without it,",
    "only the lifetime counts",
  ),
  "dry-run": flagOption("Remove nothing"),
  ...common,
};
