/** The loudness of sound, for display: from 0 (silence) to 1 (loud), roughly as it is perceived. */

/** The range that is displayed, in decibels relative to full scale. */
const QUIETEST = -55;
const LOUDEST = -12;

export class LevelGauge {
  /**
   * @param {number} window samples per reported value
   * @param {(level: number) => void} report
   */
  constructor(window, report) {
    /** @private */
    this.window = window;
    /** @private */
    this.report = report;
    /** @private */
    this.sum = 0;
    /** @private */
    this.count = 0;
  }

  /** @param {Float32Array} samples */
  measure(samples) {
    for (let index = 0; index < samples.length; index += 1) {
      this.sum += samples[index] * samples[index];
    }
    this.count += samples.length;
    if (this.count < this.window) {
      return;
    }
    const decibels = 10 * Math.log10(this.sum / this.count + 1e-12);
    this.report(Math.max(0, Math.min(1, (decibels - QUIETEST) / (LOUDEST - QUIETEST))));
    this.sum = 0;
    this.count = 0;
  }
}
