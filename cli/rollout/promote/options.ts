import { flagOption, json } from "../../terminal";

/** Options of the command. */
export const promoteOptions = {
  "dry-run": flagOption("Show the difference, and write nothing"),
  "require-digest": flagOption("Refuse an image whose digest is not proven"),
  json,
};
