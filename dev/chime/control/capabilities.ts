import { ControlProblem } from "./problem.ts";
import type { Capabilities, MeetingRequest } from "./requests.ts";

export function maySend(capability: Capabilities[keyof Capabilities]): boolean {
  return capability === "Send" || capability === "SendReceive";
}

export function mayReceive(capability: Capabilities[keyof Capabilities]): boolean {
  return capability === "Receive" || capability === "SendReceive";
}

/**
 * Capabilities of an attendee: those asked for, or AWS's defaults for the meeting's features.
 * Throws `BadRequestException` for combinations that AWS refuses.
 * Source: API reference of AttendeeCapabilities, its list of corner cases.
 */
export function grantCapabilities(
  asked: Capabilities | undefined,
  features: MeetingRequest["MeetingFeatures"],
): Capabilities {
  const noVideo = features?.Video?.MaxResolution === "None";
  const noContent = features?.Content?.MaxResolution === "None";
  if (asked === undefined) {
    const Content = noContent ? "None" : "SendReceive";
    const withoutVideo = noContent ? "None" : "Receive";
    return { Audio: "SendReceive", Video: noVideo ? withoutVideo : "SendReceive", Content };
  }
  const refuse = (message: string) => new ControlProblem("BadRequestException", message);
  if (noVideo && asked.Video !== "None") {
    throw refuse("Video capability must be None: the meeting has no video");
  }
  if (noContent && asked.Content !== "None") {
    throw refuse("Content capability must be None: the meeting has no content");
  }
  if (mayReceive(asked.Content) && !mayReceive(asked.Video)) {
    throw refuse("Content can only be received where video can be received");
  }
  return asked;
}
