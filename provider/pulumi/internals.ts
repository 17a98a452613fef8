import * as net from "node:net";
import type { Client } from "@grpc/grpc-js";
import { GetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb";
import * as runtime from "@pulumi/pulumi/runtime";

/**
 * Every use of Pulumi's SDK in the provider's process that its documentation does not describe. Each has a test in
 * tests/unit/pulumi/internals.test.ts, which `npm run test:compat` runs on the lowest and the newest SDK.
 */

/** Key and value by which an object on its way to the engine is a secret; its `value` is the value. */
export const secretMark: readonly [key: string, value: string] = [
  runtime.specialSigKey,
  runtime.specialSecretSig,
];

/**
 * Address of the engine: the only argument with which Pulumi starts the process of dynamic providers, and the last
 * one, after flags, with which it starts a plugin.
 */
export function engineAddress(): string | undefined {
  return process.argv.slice(2).at(-1);
}

/** Id of the provider with which `pulumi new` tries the settings of a project; no other provider has it. */
export const newProjectId = "preflight";

/** Connects `log` and {@link rootUrn} to an engine. False when the process has a connection, or cannot have one. */
export function connectTo(address: string | undefined): boolean {
  if (address === undefined || !/^[\w.[\]:-]+:\d+$/.test(address) || runtime.hasEngine()) return false;
  try {
    runtime.resetOptions(process.env["PULUMI_PROJECT"] ?? "", "", 1, address, "", false, "");
    return true;
  } catch {
    return false;
  }
}

/** State of a connection that cannot be opened, by the number of gRPC. */
const TRANSIENT_FAILURE = 3;

/**
 * Calls `ended` once the engine of {@link connectTo} has ended: it has no connection, and nobody listens at its address. An engine
 * ends its providers; one that was killed cannot, and they would go on for a run whose state nobody saves.
 */
export function whenEngineEnds(address: string, ended: () => void): void {
  const channel = (runtime.getEngine() as Client | undefined)?.getChannel();
  if (channel === undefined) return;
  const look = () => {
    // An idle connection is opened again.
    const state = channel.getConnectivityState(true);
    if (state === TRANSIENT_FAILURE) refuses(address, (isRefused) => (isRefused ? ended() : wait(state)));
    else wait(state);
  };
  const wait = (state: number) => channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, look);
  look();
}

function refuses(address: string, done: (isRefused: boolean) => void): void {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replace(/^\[|\]$/g, "");
  const socket = net.connect(Number(address.slice(at + 1)), host).unref();
  socket.once("connect", () => {
    socket.destroy();
    done(false);
  });
  socket.once("error", ({ code }: NodeJS.ErrnoException) => done(code === "ECONNREFUSED"));
}

/** URN of the root resource, which the engine has once a program runs; undefined otherwise. */
export function rootUrn(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const engine = runtime.getEngine();
    if (!engine) return resolve(undefined);
    engine.getRootResource(new GetRootResourceRequest(), (error, response) => {
      resolve(error ? undefined : response.getUrn());
    });
  });
}

/** Error as a handler throws it to Pulumi's server of dynamic providers. */
export interface Failure extends Error {
  /** Set when the object exists all the same: its id, its outputs and what it lacks. */
  id?: unknown;
  properties?: unknown;
  reasons?: unknown;
  /** Beginning of the line `<error>: <error.stack>` that the server prints of what its methods throw. */
  toString(): string;
  readonly stack: string;
}

/**
 * Returns a failure that shows a person only the message. Pulumi's server prints `<error>: <error.stack>` with
 * `console.error` for each error of diff, read and delete before it reports the message, so that this copy is left out.
 * An error of check can be returned as a problem, which the server does not print.
 */
export function withoutTrace({ message, id, properties, reasons }: Partial<Failure>): Failure {
  leaveOutCopies();
  return {
    message: message ?? "",
    ...(id === undefined ? {} : { id, properties, reasons }),
    name: "Failure",
    toString: () => copy.name,
    stack: copy.stack,
  };
}

/** Name and stack of a failure, of which Pulumi's server prints both. */
const copy = { name: "pulumi-dokploy", stack: "the message follows" };

/** Makes `console.error` print everything but copies of failures. */
function leaveOutCopies(): void {
  const { error } = console;
  if (error.name === printOthers.name) return;
  console.error = printOthers;

  function printOthers(...parts: unknown[]): void {
    if (parts[0] !== `${copy.name}: ${copy.stack}`) error(...parts);
  }
}
