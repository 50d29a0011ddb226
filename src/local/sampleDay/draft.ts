import type { DetailType } from "../../events/hrEvent.ts";
import type { Person } from "./cast.ts";

/** An event of the day before it has an id and a timestamp. */
export interface Draft {
  type: DetailType;
  person: Person;
  /** What `data` holds beside the person; may also replace parts of the person. */
  data?: Record<string, unknown>;
  /** Fields that the schema does not know. */
  unknownFields?: Record<string, unknown>;
  /** When HR decided: seconds into the day, UTC. */
  second: number;
  /** How much later than decided it arrives. */
  lateSeconds?: number;
  namesUserId?: boolean;
}

export const HOUR_SECONDS = 3600;
