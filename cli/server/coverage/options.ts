import { flag, json, list } from "../../terminal";

/** Options of the command. */
export const coverageOptions = {
  stack: list(
    "NAME",
    "Stack that may have objects; may be given several times, and with its project: org/shop/prod",
  ),
  unmanaged: flag("Show only what no stack has, and what no backup covers"),
  json,
};
