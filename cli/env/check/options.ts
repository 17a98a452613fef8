import { json, stagesFolder } from "../../terminal";

/** Options of the command. */
export const checkOptions = { dir: stagesFolder, json };
