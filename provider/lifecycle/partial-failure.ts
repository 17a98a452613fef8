import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../packages/values";
import { PartialFailureError, UserError } from "../errors";
import { secret } from "../pulumi";
import type { Step } from "./pipeline";

type Values = Record<string, unknown>;

/** Turns an unfinished creation or update into the error from which Pulumi keeps the facts about the object. */
export const keepingFacts: Step = {
  failed(error, { news }) {
    if (!(error instanceof PartialFailureError)) return undefined;
    const message = error.reason instanceof Error ? error.reason.message : error.message;
    // `properties` must contain `__provider`, or a later refresh or destroy finds no handlers.
    return Object.assign(new UserError(message), {
      id: error.id,
      properties: given({ ...news, ...keptSecret(error.former as Values, news), ...error.outputs }),
      // Pulumi lists the reasons: further lines of one reason go below its first line.
      reasons: [message.replaceAll("\n", "\n\t  ")],
    });
  },
};

/**
 * Returns inputs as they still are while the program has new ones. The engine marks values as secret by the new
 * inputs; for a value without a counterpart nobody knows if it was secret.
 */
function keptSecret(former: Values, news: Values): Values {
  return Object.fromEntries(Object.entries(former).map(([name, value]) => [name, hidden(value, news[name])]));
}

function hidden(value: unknown, now: unknown): unknown {
  if (isDeepStrictEqual(value, now)) return value;
  if (isRecord(value)) return keptSecret(value, isRecord(now) ? now : {});
  return typeof value === "string" || Array.isArray(value) ? secret(value) : value;
}

function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
