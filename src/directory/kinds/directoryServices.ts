import { chimeService } from "../chime/chimeService.ts";
import type { DirectoryService } from "../serviceOperation.ts";
import type { OpenOptions } from "./openDirectories.ts";

/** The services whose own operations an operator may call. They are no part of the functions' packages. */
export const directoryServices: readonly DirectoryService<OpenOptions>[] = [chimeService];
