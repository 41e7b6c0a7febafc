/**
 * The microphone's end of the audio graph: resamples its sound and posts it in frames, on the audio thread.
 *
 * Its port takes `{type: "start", rate}` and `{type: "mute", muted}`, and sends frames (an `ArrayBuffer` of PCM each)
 * and `{type: "heard", level}`.
 */

import { LevelGauge } from "./level.js";
import { encode } from "./pcm.js";
import { Resampler } from "./resampler.js";

/** Seconds of sound per frame. */
const FRAME = 0.025;

/** Seconds between reports of the level. */
const REPORT = 0.05;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.isMuted = false;
    this.resampler = null;
    this.frame = null;
    this.filled = 0;
    this.silence = new Float32Array(128);
    this.gauge = new LevelGauge(REPORT * sampleRate, (level) => this.port.postMessage({ type: "heard", level }));
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  obey(order) {
    if (order.type === "start") {
      this.resampler = new Resampler(sampleRate, order.rate);
      this.frame = new Float32Array(Math.round(FRAME * order.rate));
      this.filled = 0;
    } else if (order.type === "mute") {
      this.isMuted = order.muted;
    }
  }

  process([input], [output]) {
    const samples = this.mono(input, output[0].length);
    this.gauge.measure(samples);
    if (this.resampler) {
      this.send(samples);
    }
    // The output stays silent. It is connected only so that every browser keeps calling `process`.
    return true;
  }

  /** The microphone's sound; silence while it is muted or missing, so that frames keep coming. */
  mono(channels, length) {
    if (!this.isMuted && channels.length > 0) {
      return channels[0];
    }
    if (this.silence.length !== length) {
      this.silence = new Float32Array(length);
    }
    return this.silence;
  }

  send(samples) {
    this.resampler.feed(samples);
    this.filled = this.resampler.take(this.frame, this.filled);
    while (this.filled === this.frame.length) {
      const frame = encode(this.frame);
      this.port.postMessage(frame, [frame]);
      this.filled = this.resampler.take(this.frame, 0);
    }
  }
}

registerProcessor("capture", Capture);
