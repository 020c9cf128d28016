// Events of the chime-page host bridge, version 1, as classes. This file imports only `dart:convert`:
// copy it into your project. `docs/bridge.md` describes when each event is sent.
//
//     void handleMessage(String text) {
//       switch (PageEvent.parse(text)) {
//         case KeepAwake(:final on):
//           WakelockPlus.toggle(enable: on);
//         case Ended(:final reason):
//           debugPrint('Visit ended: $reason');
//         case Close():
//           Navigator.of(context).pop();
//         case _:
//           break;
//       }
//     }
import 'dart:convert';

/// An event of the page.
sealed class PageEvent {
  const PageEvent();

  /// Reads a message. Never throws: anything that is not an event of this version, such as a legacy
  /// string, becomes an [UnknownEvent].
  factory PageEvent.parse(String text) {
    try {
      final message = jsonDecode(text);
      if (message is! Map<String, Object?>) return UnknownEvent(text);
      return _read(message['event'], message['data']) ?? UnknownEvent(text);
    } on FormatException {
      return UnknownEvent(text);
    }
  }
}

/// The person is in the call.
final class Ready extends PageEvent {
  const Ready();
}

/// The call is over. Sent once per call, and never for a failure that can be retried.
final class Ended extends PageEvent {
  const Ended(this.reason);

  /// `USER_LEFT` or `MEETING_STOPPED`.
  final String reason;

  bool get userLeft => reason == 'USER_LEFT';
}

/// Something failed. The visit is not over: the page shows it and offers to try again.
final class Failed extends PageEvent {
  const Failed(this.code);

  final String code;
}

/// The state of the page has changed.
final class StateChanged extends PageEvent {
  const StateChanged(this.state);

  /// Such as `lobby`, `waiting`, `in-call`, `left`, `ended` or `failed`.
  final String state;
}

/// Another person joined or left the call.
final class ParticipantChanged extends PageEvent {
  const ParticipantChanged({required this.joined, required this.role, required this.others});

  final bool joined;

  /// `provider`, `patient` or `guest`.
  final String role;

  /// How many other people are now in the call, by role.
  final Map<String, int> others;
}

/// The person's microphone has changed: `on`, `off`, `busy` or `blocked`.
final class MicrophoneChanged extends PageEvent {
  const MicrophoneChanged(this.state);

  final String state;
}

/// The person's camera has changed: `on`, `off`, `busy` or `blocked`.
final class CameraChanged extends PageEvent {
  const CameraChanged(this.state);

  final String state;
}

/// The system or the web view refused a device: explain why, and open the app's settings.
final class PermissionRefused extends PageEvent {
  const PermissionRefused(this.device);

  /// `microphone` or `camera`.
  final String device;
}

/// A device is `missing`, `busy` or `muted`.
final class DeviceTrouble extends PageEvent {
  const DeviceTrouble({required this.device, required this.trouble});

  /// `microphone` or `camera`.
  final String device;
  final String trouble;
}

/// The picture of another person has stopped, or moves again.
final class PictureChanged extends PageEvent {
  const PictureChanged({required this.moving});

  final bool moving;
}

/// The network of the call is `good`, `poor` or `offline`.
final class NetworkChanged extends PageEvent {
  const NetworkChanged(this.quality);

  final String quality;
}

/// Route the audio to `speaker` or `earpiece`, or no longer (`default`).
final class AudioRoute extends PageEvent {
  const AudioRoute(this.route);

  final String route;
}

/// Keep the screen on, or stop doing so.
final class KeepAwake extends PageEvent {
  const KeepAwake({required this.on});

  final bool on;
}

/// Whether the files of a visit are in the cache: `prepared`, `failed` or `data-saver`. Only the page
/// `/prepare` sends it, once.
final class Prepared extends PageEvent {
  const Prepared(this.state);

  final String state;
}

/// The person is done: close the web view.
final class Close extends PageEvent {
  const Close();
}

/// The response to a command that had an `id`.
final class Answer extends PageEvent {
  const Answer({required this.id, required this.command, required this.handled});

  /// An `int` or a `String`.
  final Object? id;
  final String command;
  final bool handled;
}

/// A message that is not an event of this version.
final class UnknownEvent extends PageEvent {
  const UnknownEvent(this.text);

  final String text;
}

PageEvent? _read(Object? event, Object? data) => switch ((event, data)) {
      ('ready', _) => const Ready(),
      ('ended', final String reason) => Ended(reason),
      ('error', final String code) => Failed(code),
      ('state', final String state) => StateChanged(state),
      (
        'participant',
        {
          'change': final String change,
          'role': final String role,
          'others': final Map<String, Object?> others,
        }
      ) =>
        ParticipantChanged(
          joined: change == 'joined',
          role: role,
          others: {
            for (final entry in others.entries)
              if (entry.value case final int count) entry.key: count,
          },
        ),
      ('microphone', {'state': final String state}) => MicrophoneChanged(state),
      ('camera', {'state': final String state}) => CameraChanged(state),
      ('permission', {'device': final String device}) => PermissionRefused(device),
      ('device', {'device': final String device, 'trouble': final String trouble}) =>
        DeviceTrouble(device: device, trouble: trouble),
      ('picture', {'state': final String state}) => PictureChanged(moving: state == 'moving'),
      ('network', {'quality': final String quality}) => NetworkChanged(quality),
      ('audio-route', {'route': final String route}) => AudioRoute(route),
      ('keep-awake', {'on': final bool on}) => KeepAwake(on: on),
      ('prepare', {'state': final String state}) => Prepared(state),
      ('close', _) => const Close(),
      ('answer', {'id': final id, 'command': final String command, 'handled': final bool handled}) =>
        Answer(id: id, command: command, handled: handled),
      _ => null,
    };
