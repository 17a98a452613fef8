import type { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Text that arrives in pieces, some of which are shown later. */
export interface Pieces {
  add(piece: string): string;
  end(): string;
}

/**
 * Makes the text that is written to a stream pass `pieces` first. It replaces the method below `write`,
 * so that Node.js itself keeps the promises of `write` and `end`, whose callbacks do not wait for text that is held.
 *
 * @returns a function that writes the rest, for the end of the process
 */
export function passThrough(stream: Writable, pieces: Pieces): () => void {
  const write = stream._write.bind(stream);
  // A character may be cut between two chunks.
  const decoder = new StringDecoder();
  const textOf = (chunk: string | Buffer, encoding: BufferEncoding) =>
    decoder.write(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
  const pass = (text: string, done: (error?: Error | null) => void) => {
    if (text === "") done();
    else write(Buffer.from(text), "buffer" as BufferEncoding, done);
  };
  stream._write = (chunk, encoding, done) => pass(pieces.add(textOf(chunk, encoding)), done);
  stream._writev = (chunks, done) =>
    pass(pieces.add(chunks.map(({ chunk, encoding }) => textOf(chunk, encoding)).join("")), done);
  return () => {
    const cutOff = decoder.end();
    pass((cutOff === "" ? "" : pieces.add(cutOff)) + pieces.end(), () => {});
  };
}
