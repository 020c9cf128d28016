import { ControlProblem } from "./problem.ts";
import type { Capabilities, MeetingRequest } from "./requests.ts";

type Features = MeetingRequest["MeetingFeatures"];

/** True where the capability covers sending. */
export function maySend(capability: Capabilities[keyof Capabilities]): boolean {
  return capability === "Send" || capability === "SendReceive";
}

/** True where the capability covers receiving. */
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
  features: Features,
): Capabilities {
  const noVideo = features?.Video?.MaxResolution === "None";
  const noContent = features?.Content?.MaxResolution === "None";
  if (asked === undefined) return defaultCapabilities(noVideo, noContent);
  if (noVideo && asked.Video !== "None") {
    throw refused("Video capability must be None: the meeting has no video");
  }
  if (noContent && asked.Content !== "None") {
    throw refused("Content capability must be None: the meeting has no content");
  }
  if (mayReceive(asked.Content) && !mayReceive(asked.Video)) {
    throw refused("Content can only be received where video can be received");
  }
  return asked;
}

function defaultCapabilities(noVideo: boolean, noContent: boolean): Capabilities {
  if (!noVideo) {
    return {
      Audio: "SendReceive",
      Video: "SendReceive",
      Content: noContent ? "None" : "SendReceive",
    };
  }
  return {
    Audio: "SendReceive",
    Video: noContent ? "None" : "Receive",
    Content: noContent ? "None" : "SendReceive",
  };
}

function refused(message: string): ControlProblem {
  return new ControlProblem("BadRequestException", message);
}
