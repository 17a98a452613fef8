import type { Api } from "../../provider/dokploy";
import { connectToStack, type Stack } from "../stack";

/** Runs work with a connection to the server of a stack. */
export async function withServer<T>(stack: Stack, work: (api: Api) => Promise<T>): Promise<T> {
  const client = await connectToStack(stack, process.env);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
