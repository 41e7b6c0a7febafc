/**
 * The loudspeaker's end of the audio graph: queues what Susi says and plays it, on the audio thread, so that nothing
 * else in the tab can make it stutter.
 *
 * Its port takes `{type: "start", rate}`, frames (an `ArrayBuffer` of PCM each), `{type: "flush"}`, and
 * `{type: "finish"}`, which it answers with `{type: "finished"}` once everything has been played. It sends
 * `{type: "speaking", speaking}` at each change, and `{type: "said", level}` while Susi speaks.
 */

import { LevelGauge } from "./level.js";
import { decode } from "./pcm.js";
import { PlaybackQueue } from "./playback_queue.js";
import { Resampler } from "./resampler.js";

/** Seconds between reports of the level. */
const REPORT = 0.05;

/** Seconds of silence after which Susi has stopped speaking, rather than paused for breath. */
const BREATH = 0.4;

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = null;
    this.resampler = null;
    this.block = new Float32Array(128);
    this.isFinishing = false;
    this.isSpeaking = false;
    this.quiet = 0;
    this.gauge = new LevelGauge(REPORT * sampleRate, (level) => this.port.postMessage({ type: "said", level }));
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  obey(order) {
    if (order.type === "start") {
      this.queue = new PlaybackQueue(order.rate);
      this.resampler = new Resampler(order.rate, sampleRate);
    } else if (order.type === "flush") {
      this.queue?.flush();
    } else if (order.type === "finish") {
      this.isFinishing = true;
    } else if (order instanceof ArrayBuffer) {
      this.queue?.push(decode(order));
    }
  }

  process(_inputs, [output]) {
    const [first, ...others] = output;
    if (this.queue) {
      this.play(first);
      others.forEach((channel) => channel.set(first));
    }
    if (this.isFinishing && !this.isSpeaking && (this.queue?.isEmpty ?? true)) {
      this.isFinishing = false;
      this.port.postMessage({ type: "finished" });
    }
    return true;
  }

  play(output) {
    let filled = this.resampler.take(output, 0);
    while (filled < output.length) {
      this.queue.pull(this.block);
      this.resampler.feed(this.block);
      filled = this.resampler.take(output, filled);
    }
    this.tellWhetherSpeaking(output.length);
    if (this.isSpeaking) {
      this.gauge.measure(output);
    }
  }

  tellWhetherSpeaking(length) {
    this.quiet = this.queue.isPlaying ? 0 : this.quiet + length;
    const isSpeaking = this.queue.isPlaying || (this.isSpeaking && this.quiet < BREATH * sampleRate);
    if (isSpeaking !== this.isSpeaking) {
      this.isSpeaking = isSpeaking;
      this.port.postMessage({ type: "speaking", speaking: isSpeaking });
    }
  }
}

registerProcessor("playback", Playback);
