import { PassThrough } from "node:stream";

/** A terminal whose every output is on one screen, and on which somebody types. */
export function fakeTerminal({ isTTY = true, columns = 80 } = {}) {
  let screen = "";
  const output = () => {
    const stream = Object.assign(new PassThrough(), { isTTY, columns });
    stream.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
    });
    return stream;
  };
  const stdin = Object.assign(new PassThrough(), { isTTY });
  return { terminal: { stdin, stdout: output(), stderr: output() }, screen: () => screen };
}
