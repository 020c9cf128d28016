import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { Buffer } from "node:buffer";
// @ts-types="npm:@types/ws@8.18.2"
import { type WebSocket, WebSocketServer } from "ws";
import { type Faults, type ImmediateFault, strikes } from "../faults.ts";
import { Link } from "../media/link.ts";
import { NetworkPath } from "../media/network.ts";
import type { Attendee, Meeting } from "../meetings.ts";
import { Call, type CallParts } from "./call.ts";
import { SignalConnection } from "./connection.ts";
import { FRAME } from "./frames.ts";
import { Participant } from "./participant.ts";
import { AUDIO_STATUS, CLOSING } from "./presence.ts";
import { transcribe, type Transcript } from "./transcript.ts";
import { Weather } from "./weather.ts";

const SUBPROTOCOL = "_aws_wt_session";
const CONTENT = "#content";
const LARGEST_FRAME = 1_048_576;

/** What the signalling server needs. */
export interface SignallingParts extends CallParts {
  readonly faults: Faults;
}

/** Signalling that is attached to a server. */
export interface Signalling {
  /** Live transcription; answers how many heard of it. */
  transcribe(transcript: Transcript): number;
  close(): void;
}

/** Takes the WebSocket upgrades of `server` under `/control/`. */
export function attachSignalling(server: Server, parts: SignallingParts): Signalling {
  const calls = new Map<string, Call>();
  const weather = new Weather();
  const links = new WeakMap<Attendee, Link>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_FRAME,
    handleProtocols: (offered: Set<string>) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false,
  });

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { meetingId, token, content } = readRequest(request);
    if (meetingId === undefined || token === undefined) return refuse(socket);
    const meeting = parts.meetings.find(meetingId);
    const attendee = meeting && findAttendee(meeting, token);
    if (meeting && attendee && weather.isDeaf(meeting.meetingId, attendee)) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      if (meeting === undefined) close(webSocket, CLOSING.meetingEnded);
      else if (attendee === undefined) close(webSocket, CLOSING.attendeeGone);
      else admit(webSocket, meeting, attendee, content);
    });
  });

  const admit = (webSocket: WebSocket, meeting: Meeting, attendee: Attendee, content: boolean) => {
    const fault = parts.faults.takeJoin({ meetingId: meeting.meetingId, ...attendee });
    if (fault !== undefined) return close(webSocket, { code: fault.code, reason: "on demand" });
    let call = calls.get(meeting.meetingId);
    if (call === undefined) calls.set(meeting.meetingId, call = new Call(meeting, parts));
    let link = links.get(attendee);
    if (link === undefined) links.set(attendee, link = new Link());
    const path = new NetworkPath(Math.random, link);
    weather.reach(meeting.meetingId, attendee, path);
    const participant = new Participant(call, attendee, content, path);
    participant.connection = new SignalConnection(webSocket, participant, parts.clock);
    call.admit(participant);
  };

  parts.meetings.listen({
    meetingEnded: ({ meetingId }) => {
      calls.get(meetingId)?.dismiss(() => true, AUDIO_STATUS.meetingEnded, CLOSING.meetingEnded);
      calls.delete(meetingId);
    },
    attendeeDeleted: ({ meetingId }, attendee) => {
      calls.get(meetingId)?.dismiss(
        (one) => one.attendee === attendee,
        AUDIO_STATUS.attendeeRemoved,
        CLOSING.attendeeGone,
      );
    },
    capabilitiesChanged: ({ meetingId }, attendee) =>
      calls.get(meetingId)?.capabilitiesChanged(attendee),
  });

  const everybody = () => [...calls.values()].flatMap((call) => call.participants());
  parts.faults.onImmediate((fault) => {
    if (fault.kind === "end-meeting") return;
    weather.change(fault);
    for (const participant of everybody()) {
      const { attendeeId, externalUserId } = participant.attendee;
      const who = { meetingId: participant.call.meeting.meetingId, attendeeId, externalUserId };
      if (strikes(fault, who)) strike(participant, fault);
    }
  }, () => {
    weather.clear();
    for (const participant of everybody()) {
      participant.connection?.release();
      participant.path.mend();
    }
  });

  return {
    transcribe: (transcript) => transcribe(everybody(), transcript, parts.clock()),
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function strike(participant: Participant, fault: ImmediateFault): void {
  switch (fault.kind) {
    case "drop-socket":
      return participant.connection?.drop();
    case "stall-socket":
      return participant.connection?.stallFor(fault.milliseconds);
    case "deaf":
      participant.connection?.stallFor(fault.milliseconds);
      return participant.path.deafFor(fault.milliseconds);
    case "audio-status":
      return participant.send(FRAME.AUDIO_STATUS, { audioStatus: { audioStatus: fault.status } });
    case "media":
      return participant.path.spoil(fault, fault.milliseconds);
  }
}

function findAttendee(meeting: Meeting, token: string): Attendee | undefined {
  return [...meeting.attendees.values()].find((attendee) => attendee.joinToken === token);
}

function readRequest(request: IncomingMessage): {
  meetingId: string | undefined;
  token: string | undefined;
  content: boolean;
} {
  const meetingId = /^\/control\/([^/?]+)/.exec(request.url ?? "")?.[1];
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",")
    .map((one) => one.trim());
  const token = offered.includes(SUBPROTOCOL)
    ? offered.find((one) => one !== SUBPROTOCOL)
    : undefined;
  const content = token?.endsWith(CONTENT) ?? false;
  return { meetingId, token: content ? token?.slice(0, -CONTENT.length) : token, content };
}

function refuse(socket: Duplex): void {
  socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
}

function close(webSocket: WebSocket, { code, reason }: { code: number; reason: string }): void {
  webSocket.on("error", () => {});
  webSocket.close(code, reason);
}
