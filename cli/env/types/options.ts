import { flag, text } from "../../terminal";

/** Options of the command. */
export const typesOptions = {
  out: text("FILE", "Write the declarations there: src/env.d.ts"),
  example: text("FILE", "Write the variables of one service there, for people: .env.example"),
  service: text("NAME", "Only this service"),
  check: flag("Write nothing, and exit with 1 if a file is out of date"),
  dir: { ...text("DIR", "Folder of the contract"), default: "envs" },
};
