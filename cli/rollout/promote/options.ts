import { flag, json } from "../../terminal";

/** Options of the command. */
export const promoteOptions = {
  "dry-run": flag("Show the difference, and write nothing"),
  "require-digest": flag("Refuse an image whose digest is not proven"),
  json,
};
