import type { z } from "zod";
import type { Instance } from "./instance";

/** Procedure of the API: its method, input and effect. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  readonly input: z.ZodObject | undefined;
  /**
   * Returns the response's body; `undefined` gives 200 with an empty body. Throws {@link ApiError}.
   *
   * @param userId the user of the key
   */
  readonly run: (instance: Instance, input: never, userId: string) => unknown;
}

/** Procedures of one router by their names, for example `{ "project.one": … }`. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Defines a read: GET with the input in the query string. */
export function query<Input extends z.ZodObject>(
  input: Input | undefined,
  run: (instance: Instance, input: z.output<Input>, userId: string) => unknown,
): Endpoint {
  return { method: "GET", input, run };
}

/** Defines a write: POST with the input as a JSON object. */
export function mutation<Input extends z.ZodObject>(
  input: Input | undefined,
  run: (instance: Instance, input: z.output<Input>, userId: string) => unknown,
): Endpoint {
  return { method: "POST", input, run };
}

/** HTTP response. */
export interface Answer {
  readonly status: number;
  /** Content type; undefined sends none, like Next.js for its own plain texts. */
  readonly type: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}
