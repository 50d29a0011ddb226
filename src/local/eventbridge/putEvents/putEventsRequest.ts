import * as z from "zod";

/** The request body of PutEvents, as JSON 1.1 writes it. Unknown fields are ignored, as AWS does. */
export const putEventsRequest = z.object({
  Entries: z.array(
    z.object({
      /** Seconds since 1970, with a fraction; what RFC 3339 can write ends with the year 9999. */
      Time: z.number().min(0).max(253_402_300_799).nullish(),
      Source: z.string().nullish(),
      DetailType: z.string().nullish(),
      Detail: z.string().nullish(),
      EventBusName: z.string().nullish(),
      Resources: z.array(z.string()).nullish(),
    }),
  ),
});

export type PutEventsEntry = z.infer<typeof putEventsRequest>["Entries"][number];

/** One line of the answer: an id, or why the entry was not accepted. */
export type PutEventsResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string };
