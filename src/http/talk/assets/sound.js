/**
 * The audio graph: microphone → capture worklet; playback worklet → loudspeaker. The worklets talk to the line through
 * their ports, which the page gives away.
 */

const WORKLETS = ["capture_worklet.js", "playback_worklet.js"];

export class Sound {
  /**
   * Makes the graph. Must run within a click: only then do browsers let a page make sound.
   * @param {() => void} onStateChange when the browser stops or resumes sound, as for a telephone call
   */
  constructor(onStateChange) {
    // Where a browser asks (Safari): speaking and listening at once, also with the ringer switched off.
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
    // Awaited when the microphone is there; until then a failure is nobody's.
    this.loaded.catch(() => {});
    this.resume();
  }

  /** Whether the browser keeps sound from being played and heard. */
  get isPaused() {
    return this.context.state !== "running" && this.context.state !== "closed";
  }

  /** Lets sound go on. Needs a click, on some browsers. */
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

  /** Listens to this microphone instead of the one before. Before all is connected, there is nothing that could. */
  listenTo(stream) {
    if (!this.capture) {
      return;
    }
    this.source?.disconnect();
    this.source = this.context.createMediaStreamSource(stream);
    this.source.connect(this.capture);
  }

  /** Ends all sound and gives the devices back. */
  close() {
    this.context.onstatechange = null;
    this.context.close().catch(() => {});
    if (navigator.audioSession) {
      navigator.audioSession.type = "auto";
    }
  }
}
