import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { handleRejections } from "./rejections";
import { Server } from "./server";

/**
 * The plugin: `pulumi-resource-dokploy-native <address of the engine>` prints the port on which it listens, and serves
 * until Pulumi ends the process.
 */

handleRejections();

/** States and plans of large stacks are sent in one message. */
const maxBytes = 400 * 2 ** 20;

const server = new grpc.Server({
  "grpc.max_receive_message_length": maxBytes,
  "grpc.max_send_message_length": maxBytes,
});
server.addService(ResourceProviderService, new Server() as unknown as grpc.UntypedServiceImplementation);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
