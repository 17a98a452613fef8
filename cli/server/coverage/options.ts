import { flagOption, json, listOption } from "../../terminal";

/** Options of the command. */
export const coverageOptions = {
  stack: listOption(
    "NAME",
    "Stack that may have objects; may be given several times, and with its project: org/shop/prod",
  ),
  unmanaged: flagOption("Show only the objects that no stack has or no backup covers"),
  json,
};
