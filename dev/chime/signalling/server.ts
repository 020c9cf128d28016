import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { Buffer } from "node:buffer";
// @ts-types="npm:@types/ws@8.18.2"
import { type WebSocket, WebSocketServer } from "ws";
import { type Faults, type ImmediateFault, isTarget } from "../faults.ts";
import { AccessLink } from "../media/access_link.ts";
import { NetworkPath } from "../media/network_path.ts";
import type { Attendee, Meeting, Meetings } from "../meetings.ts";
import { Call, type CallDependencies } from "./call.ts";
import { SignalConnection } from "./connection.ts";
import { FRAME } from "./frames.ts";
import { Participant } from "./participant.ts";
import { AUDIO_STATUS, CLOSING } from "./presence.ts";
import { reportTranscription, transcribe, type Transcript } from "./transcript.ts";
import { NetworkFaults } from "./network_faults.ts";

const SUBPROTOCOL = "_aws_wt_session";
const CONTENT = "#content";
const LARGEST_FRAME = 1_048_576;

/** Takes the WebSocket upgrades of `server` under `/control/`. */
export function attachSignalling(
  server: Server,
  dependencies: CallDependencies & { readonly faults: Faults },
) {
  const { meetings, faults, clock } = dependencies;
  const calls = new Map<string, Call>();
  const networkFaults = new NetworkFaults();
  const links = new WeakMap<Attendee, AccessLink>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_FRAME,
    handleProtocols: (offered: Set<string>) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false,
  });

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { meetingId, token, content } = readRequest(request);
    if (meetingId === undefined || token === undefined) return refuse(socket);
    const meeting = meetings.find(meetingId);
    const attendee = meeting && findAttendee(meeting, token);
    if (meeting && attendee && networkFaults.isDeaf(meeting.meetingId, attendee)) {
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
    const fault = faults.takeJoin({ meetingId: meeting.meetingId, ...attendee });
    if (fault !== undefined) return close(webSocket, { code: fault.code, reason: "on demand" });
    let call = calls.get(meeting.meetingId);
    if (call === undefined) calls.set(meeting.meetingId, call = new Call(meeting, dependencies));
    let link = links.get(attendee);
    if (link === undefined) links.set(attendee, link = new AccessLink());
    const path = new NetworkPath(Math.random, link);
    networkFaults.applyTo(path, meeting.meetingId, attendee);
    const participant = new Participant(call, attendee, content, path);
    participant.connection = new SignalConnection(webSocket, participant, clock);
    call.add(participant);
  };

  const everybody = () => [...calls.values()].flatMap((call) => call.participants());
  followMeetings(meetings, calls);
  meetings.listen({
    transcriptionChanged: (meeting) => {
      const people = calls.get(meeting.meetingId)?.participants() ?? [];
      reportTranscription(people, meeting, clock());
    },
  });
  followFaults(faults, networkFaults, everybody);

  return {
    /** Live transcription; returns how many clients it was sent to. */
    transcribe: (transcript: Transcript) => transcribe(everybody(), transcript, clock()),
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** Disconnects people when their meeting ends or they are removed, and passes on capabilities. */
function followMeetings(meetings: Meetings, calls: Map<string, Call>): void {
  meetings.listen({
    meetingEnded: ({ meetingId }) => {
      calls.get(meetingId)?.disconnect(() => true, AUDIO_STATUS.meetingEnded, CLOSING.meetingEnded);
      calls.delete(meetingId);
    },
    attendeeDeleted: ({ meetingId }, attendee) => {
      calls.get(meetingId)?.disconnect(
        (one) => one.attendee === attendee,
        AUDIO_STATUS.attendeeRemoved,
        CLOSING.attendeeGone,
      );
    },
    capabilitiesChanged: ({ meetingId }, attendee) =>
      calls.get(meetingId)?.capabilitiesChanged(attendee),
  });
}

/** Applies faults to the clients that are connected, and remembers those for later clients. */
function followFaults(
  faults: Faults,
  networkFaults: NetworkFaults,
  everybody: () => readonly Participant[],
): void {
  faults.onImmediate((fault) => {
    if (fault.kind === "end-meeting") return;
    networkFaults.add(fault);
    for (const participant of everybody()) {
      const { attendeeId, externalUserId } = participant.attendee;
      const who = { meetingId: participant.call.meeting.meetingId, attendeeId, externalUserId };
      if (isTarget(fault, who)) applyFault(participant, fault);
    }
  }, () => {
    networkFaults.clear();
    for (const participant of everybody()) {
      participant.connection?.release();
      participant.path.restore();
    }
  });
}

function applyFault(participant: Participant, fault: ImmediateFault): void {
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
      return participant.path.impair(fault, fault.milliseconds);
  }
}

function findAttendee(meeting: Meeting, token: string): Attendee | undefined {
  return [...meeting.attendees.values()].find((attendee) => attendee.joinToken === token);
}

function readRequest(request: IncomingMessage) {
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
