import { flag, json, list } from "../../terminal";

/** Options of the command. */
export const coverageOptions = {
  stack: list(
    "NAME",
    "Stack that may have objects; may be given several times, and with its project: org/shop/prod",
  ),
  unmanaged: flag("Show only the objects that no stack has or no backup covers"),
  json,
};
