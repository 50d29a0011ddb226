// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** The extensions that Lambda tries, in its order. */
const extensions = [".js", ".mjs", ".cjs"];

/** An error by the name that Lambda gives it. */
export class RuntimeError extends Error {
  /** @param {string} name @param {string} message @param {ErrorOptions} [options] */
  constructor(name, message, options) {
    super(message, options);
    this.name = name;
  }
}

/**
 * Finds the function that a handler setting means: "src/functions/drain.handler" is the export `handler`
 * of src/functions/drain.js, .mjs or .cjs under the code directory.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 *
 * @param {string} codeDirectory
 * @param {string} setting
 * @returns {Promise<(event: unknown, context: object) => unknown>}
 * @throws {RuntimeError} if there is no such file or export, or the function expects a callback.
 */
export async function loadHandler(codeDirectory, setting) {
  const { modulePath, exportPath } = parseSetting(setting);
  const file = extensions
    .map((extension) => path.resolve(codeDirectory, modulePath + extension))
    .find(existsSync);
  if (file === undefined) {
    const tried = extensions.map((extension) => modulePath + extension).join(", ");
    throw new RuntimeError(
      "Runtime.ImportModuleError",
      `Handler "${setting}": none of ${tried} is in ${codeDirectory}.`,
    );
  }
  const loaded = await importModule(file);
  const found =
    exportPath.reduce(property, loaded) ?? exportPath.reduce(property, property(loaded, "default"));
  if (typeof found !== "function") {
    const what = found === undefined ? "has no such export" : `exports a value of type ${typeof found} there`;
    throw new RuntimeError(
      "Runtime.HandlerNotFound",
      `Handler "${setting}": expected a function, but ${file} ${what}.`,
    );
  }
  if (found.length >= 3) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      `Handler "${setting}" takes a callback, which Lambda no longer supports from Node.js 24 on. Return a promise.`,
    );
  }
  return /** @type {(event: unknown, context: object) => unknown} */ (found);
}

/** @param {string} setting */
function parseSetting(setting) {
  const { dir, base } = path.posix.parse(setting);
  const [moduleName, ...exportPath] = base.split(".");
  if (!moduleName || exportPath.length === 0 || exportPath.includes("")) {
    throw new RuntimeError(
      "Runtime.MalformedHandlerName",
      `Expected a handler such as "src/index.handler", but got "${setting}".`,
    );
  }
  return { modulePath: path.posix.join(dir, moduleName), exportPath };
}

/** @param {string} file */
async function importModule(file) {
  try {
    return /** @type {unknown} */ (await import(pathToFileURL(file).href));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RuntimeError("Runtime.UserCodeSyntaxError", `${file}: ${error.message}`, { cause: error });
    }
    const code = property(error, "code");
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
      throw new RuntimeError("Runtime.ImportModuleError", `${file}: ${property(error, "message")}`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** @param {unknown} holder @param {string} name @returns {unknown} */
function property(holder, name) {
  return holder === null || holder === undefined ? undefined : Reflect.get(Object(holder), name);
}
