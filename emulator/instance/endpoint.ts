import type { z } from "zod";
import type { Instance } from "./instance";

/** One procedure of the API: how it is called, what it takes, what it does. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  readonly input: z.ZodObject | undefined;
  /** The answer's body; `undefined` answers 200 with an empty body. Throws {@link ApiError}. */
  readonly run: (instance: Instance, input: never) => unknown;
}

/** Procedures of one router by their names, for example `{ "project.one": … }`. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** A read: GET with the input in the query string. */
export function query<Input extends z.ZodObject>(
  input: Input | undefined,
  run: (instance: Instance, input: z.output<Input>) => unknown,
): Endpoint {
  return { method: "GET", input, run };
}

/** A write: POST with the input as a JSON object. */
export function mutation<Input extends z.ZodObject>(
  input: Input | undefined,
  run: (instance: Instance, input: z.output<Input>) => unknown,
): Endpoint {
  return { method: "POST", input, run };
}

/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  /** undefined sends no content type, as Next.js does for its own plain texts. */
  readonly type: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}
