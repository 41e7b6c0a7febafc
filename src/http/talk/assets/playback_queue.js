/**
 * Holds the sound that is still to be played: a jitter buffer that never clicks.
 *
 * It starts playing once it has buffered a little, or once what it has, however little, has waited long enough. Where
 * sound begins, runs out or is cut off, it is faded over a few milliseconds. An underrun within speech makes it buffer
 * a little more from then on, because the network has shown that it needs that.
 */

/** Seconds of sound to buffer: at first, how much more after each underrun, and at most. */
const ADVANCE = { first: 0.06, step: 0.04, most: 0.3 };

/** Seconds after which even less sound than that is played: probably no more will come. */
const LONGEST_WAIT = 0.15;

/** Seconds of silence after which new sound counts as a new sentence, and not as the late rest of the last one. */
const PAUSE = 0.5;

/** Seconds of a fade. */
const FADE = 0.005;

export class PlaybackQueue {
  /** @param {number} rate samples a second */
  constructor(rate) {
    /** Whether sound is being played. Otherwise it is being buffered. */
    this.isPlaying = false;
    /** @private */
    this.rate = rate;
    /** @private The length of a fade in samples. */
    this.fade = Math.ceil(FADE * rate);
    /** @private @type {Float32Array[]} */
    this.chunks = [];
    /** @private How many samples of the first chunk have been played. */
    this.offset = 0;
    /** @private How many samples are still to be played. */
    this.queued = 0;
    /** @private @type {Float32Array[]} Sound that arrived while a cut is still fading out. */
    this.afterCut = [];
    /** @private */
    this.isCut = false;
    /** @private For how many samples sound has been waiting to be played. */
    this.waited = 0;
    /** @private How many samples ago there was sound. */
    this.silent = Infinity;
    /** @private Seconds of sound to buffer before playing. */
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

  /** Drops what is queued: sound that is being played fades out at once. */
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
   * Fills `output` with the next samples, or with silence where there are none.
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

  /** @private Whether playing may start. Counts the time spent waiting. */
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
