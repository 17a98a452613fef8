import { flagOption, valueOption } from "../../terminal";

/** Options of the command. */
export const typesOptions = {
  out: valueOption("FILE", "Write the declarations there: src/env.d.ts"),
  example: valueOption("FILE", "Write the variables of one service there, for people: .env.example"),
  service: valueOption("NAME", "Only this service"),
  check: flagOption("Write nothing, and exit with 1 if a file is out of date"),
  dir: { ...valueOption("DIR", "Folder of the contract"), default: "envs" },
};
