import type { Api } from "../../provider/dokploy/endpoints";
import { previewStack } from "../../sdk/repository/preview-names";
import { connect } from "../stack/connection";
import { runProcess } from "../stack/process";
import { Stack } from "../stack/stack";

/** Returns the stack of a preview, read through the CLI in the folder of its project. */
export function previewStackIn(directory: string, number: string): Stack {
  return new Stack(previewStack(number), (args) => runProcess("pulumi", ["-C", directory, ...args]));
}

/** Runs work with a connection to the server of a stack. */
export async function withServer<T>(stack: Stack, work: (api: Api) => Promise<T>): Promise<T> {
  const client = await connect(stack, process.env);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
