import { DescribeEventBusCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { findRegion } from "../aws/findRegion.ts";

/**
 * Why nothing could be published, if that can be known in advance. PutEvents answers "accepted" for a bus
 * that does not exist, and the events are gone; so the bus is asked for first. Any other trouble with that
 * question (no permission to ask, an endpoint that does not know it) says nothing about publishing.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html
 */
export async function findBusFault(client: EventBridgeClient, bus: string): Promise<string | undefined> {
  const found = await findRegion(client);
  if (found.kind === "none") return found.message;
  try {
    await client.send(new DescribeEventBusCommand({ Name: bus }));
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      return `there is no event bus ${bus} in ${found.region}, and what is sent to it would be lost; name another with --bus`;
    }
  }
  return undefined;
}
