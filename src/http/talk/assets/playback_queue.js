/**
 * What is still to be played: a jitter buffer that never clicks.
 *
 * It starts playing when it holds a little in advance, or when the little there is has waited long enough. Where sound
 * begins, runs out or is cut off, it is faded over a few milliseconds. When it runs dry in the middle of something, it
 * asks for a little more in advance from then on, because the network has shown what it needs.
 */

/** Seconds of sound in advance: at the beginning, more after each gap, and at most. */
const ADVANCE = { first: 0.06, step: 0.04, most: 0.3 };

/** Seconds after which sound is played though there is little of it: then no more is to come. */
const LONGEST_WAIT = 0.15;

/** Seconds of silence after which new sound is a new sentence, and not the rest of one that came too late. */
const PAUSE = 0.5;

/** Seconds of a fade. */
const FADE = 0.005;

export class PlaybackQueue {
  /** @param {number} rate samples a second */
  constructor(rate) {
    /** Whether sound is being played; else it is gathered. */
    this.isPlaying = false;
    /** @private */
    this.rate = rate;
    /** @private Samples of a fade. */
    this.fade = Math.ceil(FADE * rate);
    /** @private @type {Float32Array[]} */
    this.chunks = [];
    /** @private Samples of the first chunk that are played already. */
    this.offset = 0;
    /** @private Samples that are still to be played. */
    this.queued = 0;
    /** @private @type {Float32Array[]} What came after a cut whose fade is still being played. */
    this.afterCut = [];
    /** @private */
    this.isCut = false;
    /** @private Samples for which sound has been waiting to be played. */
    this.waited = 0;
    /** @private Samples since there was sound. */
    this.silent = Infinity;
    /** @private Seconds of sound to gather before playing. */
    this.advance = ADVANCE.first;
    /** @private The volume within a fade, from 0 to 1. */
    this.gain = 0;
  }

  /** Whether nothing is left to be played. */
  get isEmpty() {
    return this.queued === 0 && this.afterCut.length === 0;
  }

  /** @param {Float32Array} samples */
  push(samples) {
    if (samples.length === 0) {
      return;
    }
    if (this.isCut) {
      this.afterCut.push(samples);
      return;
    }
    if (this.queued === 0 && this.silent < PAUSE * this.rate) {
      this.advance = Math.min(ADVANCE.most, this.advance + ADVANCE.step);
    }
    this.chunks.push(samples);
    this.queued += samples.length;
  }

  /** Cuts off what is queued: it fades out at once. */
  flush() {
    this.afterCut = [];
    if (!this.isPlaying) {
      this.startOver();
      return;
    }
    this.queued = Math.min(this.queued, this.fade);
    this.isCut = true;
  }

  /**
   * The next samples; silence where there are none.
   * @param {Float32Array} output
   */
  pull(output) {
    output.fill(0);
    if (!this.isPlaying && !this.mayStart(output.length)) {
      return;
    }
    this.isPlaying = true;
    for (let index = 0; index < output.length && this.queued > 0; index += 1) {
      const step = this.queued <= this.fade ? -1 / this.fade : 1 / this.fade;
      this.gain = Math.max(0, Math.min(1, this.gain + step));
      output[index] = this.gain * this.next();
    }
    if (this.queued === 0) {
      this.runDry();
    }
  }

  /** @private Whether playing may begin. Counts the waiting. */
  mayStart(length) {
    if (this.queued === 0) {
      this.silent += length;
      return false;
    }
    this.waited += length;
    return this.queued >= this.advance * this.rate || this.waited >= LONGEST_WAIT * this.rate;
  }

  /** @private */
  next() {
    const chunk = this.chunks[0];
    const sample = chunk[this.offset];
    this.offset += 1;
    this.queued -= 1;
    if (this.offset === chunk.length) {
      this.chunks.shift();
      this.offset = 0;
    }
    return sample;
  }

  /** @private */
  runDry() {
    const following = this.afterCut;
    this.silent = this.isCut ? Infinity : 0;
    this.startOver();
    following.forEach((samples) => this.push(samples));
  }

  /** @private */
  startOver() {
    this.chunks = [];
    this.offset = 0;
    this.queued = 0;
    this.afterCut = [];
    this.isCut = false;
    this.waited = 0;
    this.gain = 0;
    this.isPlaying = false;
  }
}
