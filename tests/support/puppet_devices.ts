/// <reference lib="dom" />
/** A camera and a microphone for the page that always give the same picture and sound. */

/** Runs before anything else in the page. */
export const PUPPET_DEVICES: string = `(${devices.toString()})();`;

/** Runs in the page. Holds no reference to anything outside itself. */
function devices(): void {
  /** A portrait: head and shoulders before a wall. The same bytes each time. */
  function paint(hue: number, kind: string): MediaStream {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = kind === "upright" ? [360, 640] : [960, 540];
    const { width, height } = canvas;
    const draw = canvas.getContext("2d") as CanvasRenderingContext2D;
    const fill = (style: string, path: () => void) => {
      draw.fillStyle = style;
      draw.beginPath();
      path();
      draw.fill();
    };
    const show = () => {
      if (kind === "screen") {
        fill("#f7f8f8", () => draw.rect(0, 0, width, height));
        fill("#0b6b58", () => draw.rect(0, 0, width, 56));
        for (let line = 0; line < 7; line++) {
          fill("#c9d3d2", () => draw.rect(60, 110 + line * 54, line % 3 === 2 ? 420 : 620, 18));
        }
        fill("#cfe3f7", () => draw.rect(730, 110, 170, 210));
        return;
      }
      // Flat colours: a picture of it stays small.
      fill(`hsl(${hue} 24% 58%)`, () => draw.rect(0, 0, width, height));
      fill(
        `hsl(${hue} 26% 52%)`,
        () => draw.ellipse(width * 0.5, height * 0.5, height * 0.62, height * 0.62, 0, 0, 7),
      );
      const size = Math.min(width, height) * 0.2;
      const [x, y] = [width / 2, height * 0.42];
      fill(
        `hsl(${hue + 150} 30% 34%)`,
        () => draw.ellipse(x, height * 0.42 + size * 3.1, size * 2.1, size * 1.9, 0, 0, 7),
      );
      fill("#7a4b33", () => draw.rect(x - size * 0.35, y + size * 0.6, size * 0.7, size * 0.9));
      fill("#8a573c", () => draw.ellipse(x, y, size * 0.82, size * 1.05, 0, 0, 7));
      fill("#1e1512", () => draw.ellipse(x, y - size * 0.55, size * 0.86, size * 0.62, 0, 0, 7));
      fill("#1e1512", () => draw.arc(x - size * 0.3, y + size * 0.12, size * 0.07, 0, 7));
      fill("#1e1512", () => draw.arc(x + size * 0.3, y + size * 0.12, size * 0.07, 0, 7));
      draw.lineWidth = size * 0.07;
      draw.strokeStyle = "#4b2a1d";
      draw.beginPath();
      draw.arc(x, y + size * 0.3, size * 0.3, 0.5, 2.64);
      draw.stroke();
    };
    show();
    setInterval(show, 200);
    return canvas.captureStream(5);
  }
  const media = navigator.mediaDevices;
  const held = new Set<MediaStreamTrack>();
  media.getUserMedia = ({ audio, video } = {}) => {
    const trouble = Reflect.get(globalThis, "puppetTrouble");
    if (trouble) {
      const message = Reflect.get(globalThis, "puppetMessage") ?? "";
      return Promise.reject(new DOMException(message, trouble));
    }
    const stream = video ? paint(200, "wide") : new MediaStream();
    if (audio) {
      const silence = new AudioContext().createMediaStreamDestination();
      silence.stream.getAudioTracks().forEach((track) => {
        stream.addTrack(track);
        held.add(track);
      });
    }
    return Promise.resolve(stream);
  };
  /** A phone call interrupts the sound: WebKit mutes the track. */
  const hold = () =>
    held.forEach((track) => {
      Object.defineProperty(track, "muted", { value: true });
      track.dispatchEvent(new Event("mute"));
    });
  Object.assign(globalThis, { puppetDevices: { paint, hold } });
}
