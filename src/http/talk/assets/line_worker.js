/**
 * The line to the service, in a thread of its own: sound passes between the WebSocket and the audio thread without
 * touching the page's thread, so that nothing the tab does can make it stutter.
 *
 * It takes commands from `line.js` and reports events to it, all as `{type, …}`.
 */

/** How many bytes may wait to be sent before sound is dropped: nobody can talk with a delay of a second. */
const MOST_WAITING = 48_000;

/** Milliseconds after which a line that accepts nothing counts as dead. */
const DEAD_AFTER = 10_000;

class Line {
  /**
   * @param {string} url
   * @param {string} protocol
   * @param {MessagePort} microphone gives frames
   * @param {MessagePort} loudspeaker takes frames
   */
  constructor(url, protocol, microphone, loudspeaker) {
    this.microphone = microphone;
    this.loudspeaker = loudspeaker;
    /** The time since which nothing goes out, or 0. */
    this.stuckSince = 0;
    this.hasEnded = false;
    this.socket = new WebSocket(url, protocol);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => postMessage({ type: "opened" });
    this.socket.onmessage = ({ data }) => this.receive(data);
    this.socket.onclose = () => this.lose();
    microphone.onmessage = ({ data }) => (data instanceof ArrayBuffer ? this.send(data) : postMessage(data));
    loudspeaker.onmessage = ({ data }) => postMessage(data);
  }

  receive(data) {
    if (data instanceof ArrayBuffer) {
      this.loudspeaker.postMessage(data, [data]);
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "ready") {
      this.loudspeaker.postMessage({ type: "start", rate: message.output_rate });
      this.microphone.postMessage({ type: "start", rate: message.input_rate });
    } else if (message.type === "interrupted") {
      this.loudspeaker.postMessage({ type: "flush" });
    } else if (message.type === "ended") {
      this.hasEnded = true;
      this.loudspeaker.postMessage({ type: message.reason === "agent" ? "finish" : "flush" });
    }
    postMessage(message);
  }

  /** Sends a frame, or drops it if too many are waiting already. */
  send(frame) {
    if (this.socket.readyState !== WebSocket.OPEN) {
      return;
    }
    if (this.socket.bufferedAmount > MOST_WAITING) {
      this.waitForNetwork();
      return;
    }
    this.hearNetwork();
    this.socket.send(frame);
  }

  waitForNetwork() {
    if (this.stuckSince === 0) {
      this.stuckSince = performance.now();
      postMessage({ type: "stuck", stuck: true });
    } else if (performance.now() - this.stuckSince > DEAD_AFTER) {
      this.lose();
    }
  }

  hearNetwork() {
    if (this.stuckSince !== 0) {
      this.stuckSince = 0;
      postMessage({ type: "stuck", stuck: false });
    }
  }

  /** Sends a message to the service. */
  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
    }
  }

  /** The line is gone. Reports it unless the service has ended the talk before. */
  lose() {
    if (!this.hasEnded) {
      this.hasEnded = true;
      this.loudspeaker.postMessage({ type: "flush" });
      postMessage({ type: "lost" });
    }
    this.socket.close();
  }
}

let line;

onmessage = ({ data }) => {
  if (data.type === "open") {
    line = new Line(data.url, data.protocol, data.microphone, data.loudspeaker);
  } else if (data.type === "mute") {
    line.microphone.postMessage(data);
    line.say(data);
  } else if (data.type === "end") {
    line.say(data);
  }
};
