import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Lets somebody edit a text in an editor, and returns what it is then. The file is nobody else's to read, and is gone
 * afterwards, because it holds personal data. Throws if the editor fails.
 *
 * @param editor a command of the shell, such as `code --wait`
 */
export async function editText(editor: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-event-"));
  const file = join(folder, "event.json");
  try {
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`the editor ended with ${code ?? "a signal"}; nothing was changed`);
    return await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
