import { flagOption, stagesFolder } from "../../terminal";

/** Options of the command. */
export const contractOptions = {
  infer: flagOption("Derive it from the files of all stages (required)"),
  write: flagOption("Write it to schema.yaml in the folder of the stages, if there is none"),
  force: flagOption("Overwrite that file, with --write"),
  dir: stagesFolder,
};
