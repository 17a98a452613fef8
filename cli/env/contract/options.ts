import { flag, stagesFolder } from "../../terminal";

/** Options of the command. */
export const contractOptions = {
  infer: flag("Derive it from the files of all stages (required)"),
  write: flag("Write it to schema.yaml in the folder of the stages, if there is none"),
  force: flag("Overwrite that file, with --write"),
  dir: stagesFolder,
};
