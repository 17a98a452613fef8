import { json, stagesFolder } from "../terminal/options";

/** Options of the command. */
export const checkOptions = { dir: stagesFolder, json };
