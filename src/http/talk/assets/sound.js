/**
 * The audio graph: microphone → capture worklet; playback worklet → loudspeaker. The worklets talk to the line through
 * their ports, which the page transfers to the line's worker.
 */

const WORKLETS = ["capture_worklet.js", "playback_worklet.js"];

export class Sound {
  /**
   * Creates the graph. Must run in a click handler: only then do browsers let a page play sound.
   * @param {() => void} onStateChange when the browser pauses or resumes sound, for a telephone call for example
   */
  constructor(onStateChange) {
    // Safari wants to be told that the page records and plays at once. It then plays even with the ringer off.
    if (navigator.audioSession) {
      navigator.audioSession.type = "play-and-record";
    }
    /** @private */
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.context.onstatechange = onStateChange;
    /** @private @type {AudioWorkletNode | null} */
    this.capture = null;
    /** @private @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
    /** @private */
    this.loaded = Promise.all(
      WORKLETS.map((file) => this.context.audioWorklet.addModule(new URL(file, import.meta.url))),
    );
    // Awaited in `connect`. A failure before that must not count as unhandled.
    this.loaded.catch(() => {});
    this.resume();
  }

  /** Whether the browser has paused sound, in both directions. */
  get isPaused() {
    return this.context.state !== "running" && this.context.state !== "closed";
  }

  /** Resumes sound. Some browsers allow that only in a click handler. */
  resume() {
    this.context.resume().catch(() => {});
  }

  /**
   * Connects everything but the microphone, once.
   * @returns {Promise<{microphone: MessagePort, loudspeaker: MessagePort}>} the worklets' ports
   */
  async connect() {
    await this.loaded;
    const mono = { numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1, channelCountMode: "explicit" };
    this.capture = new AudioWorkletNode(this.context, "capture", mono);
    this.playback = new AudioWorkletNode(this.context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
    this.capture.connect(this.context.destination);
    this.playback.connect(this.context.destination);
    return { microphone: this.capture.port, loudspeaker: this.playback.port };
  }

  /** Replaces the microphone. Does nothing before `connect` is done: there is no node to feed yet. */
  listenTo(stream) {
    if (!this.capture) {
      return;
    }
    this.source?.disconnect();
    this.source = this.context.createMediaStreamSource(stream);
    this.source.connect(this.capture);
  }

  /** Ends all sound and releases the devices. */
  close() {
    this.context.onstatechange = null;
    this.context.close().catch(() => {});
    if (navigator.audioSession) {
      navigator.audioSession.type = "auto";
    }
  }
}
