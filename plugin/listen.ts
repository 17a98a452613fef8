import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { maskOutput } from "./output";
import { handleErrors } from "./rejections";
import type * as ServerModule from "./server";

/** States and plans of large stacks are sent in one message. */
const maxBytes = 400 * 2 ** 20;

/** The handlers are loaded once it listens, while Pulumi connects. */
const server = () => (require("./server") as typeof ServerModule).shared();

const methods = Object.keys(ResourceProviderService).map((name) => [
  name,
  (...call: unknown[]) =>
    (server()[name as keyof ServerModule.Server] as (...call: unknown[]) => void)(...call),
]);

/** Prints the port on which the plugin listens, and serves until Pulumi ends the process. */
export function listen(): void {
  handleErrors();
  const listener = new grpc.Server({ "grpc.max_receive_message_length": maxBytes });
  listener.addService(
    ResourceProviderService,
    Object.fromEntries(methods) as unknown as grpc.UntypedServiceImplementation,
  );
  listener.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
    maskOutput();
    setImmediate(server);
  });
}
