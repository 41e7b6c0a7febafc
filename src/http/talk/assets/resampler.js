/**
 * Resamples a stream of mono sound with a windowed-sinc low-pass, evaluated at the position of each output sample.
 *
 * The filter cuts at the lower of both Nyquist frequencies: when downsampling that is the new one, so that nothing
 * aliases into the audible range. Works for any pair of rates, seamlessly from block to block.
 */

/** Zero crossings of the sinc on either side, at the lower of both rates. More make it steeper and add latency. */
const ZERO_CROSSINGS = 16;

/** Where the filter starts to cut, as a fraction of the lower Nyquist frequency. The rest is its transition band. */
const PASSBAND = 0.92;

/** Positions between two samples with tabulated coefficients. Others are interpolated, with an error below -100 dB. */
const PHASES = 512;

/** The shape of the Kaiser window: some 80 dB of attenuation beyond the transition band. */
const KAISER_BETA = 8;

export class Resampler {
  /**
   * @param {number} inputRate input samples per second
   * @param {number} outputRate output samples per second
   */
  constructor(inputRate, outputRate) {
    /** @private Whether samples pass unchanged. */
    this.isIdentity = inputRate === outputRate;
    const lower = Math.min(1, outputRate / inputRate);
    /** @private How many input samples on either side an output sample depends on. */
    this.halfWidth = this.isIdentity ? 0 : Math.ceil(ZERO_CROSSINGS / lower);
    /** @private */
    this.kernel = this.isIdentity ? null : kernel(this.halfWidth, lower * PASSBAND);
    /** @private Input that is still needed. It starts with silence, so that the first sample has neighbours. */
    this.pending = new Float32Array(2 * this.halfWidth + 4096);
    /** @private */
    this.filled = this.halfWidth;
    /** @private The position of the next output sample in `pending`, in input samples: the whole part. */
    this.whole = this.halfWidth;
    /** @private Its fractional part, as a count of 1/outputRate samples, so that nothing drifts over hours. */
    this.rest = 0;
    /** @private */
    this.inputRate = inputRate;
    /** @private */
    this.outputRate = outputRate;
  }

  /**
   * Appends input.
   * @param {Float32Array} samples
   */
  feed(samples) {
    this.dropUsed();
    if (this.filled + samples.length > this.pending.length) {
      const longer = new Float32Array(2 * (this.filled + samples.length));
      longer.set(this.pending.subarray(0, this.filled));
      this.pending = longer;
    }
    this.pending.set(samples, this.filled);
    this.filled += samples.length;
  }

  /**
   * Writes as many output samples as the input so far allows.
   * @param {Float32Array} output
   * @param {number} from the first index to write
   * @returns {number} the index after the last one written
   */
  take(output, from) {
    let index = from;
    while (index < output.length && this.whole + this.halfWidth < this.filled) {
      output[index] = this.isIdentity ? this.pending[this.whole] : this.at(this.whole, this.rest / this.outputRate);
      index += 1;
      this.rest += this.inputRate;
      this.whole += Math.floor(this.rest / this.outputRate);
      this.rest %= this.outputRate;
    }
    return index;
  }

  /** @private The filtered signal `fraction` of a sample after the pending sample `whole`. */
  at(whole, fraction) {
    const position = fraction * PHASES;
    const phase = Math.floor(position);
    const blend = position - phase;
    const taps = 2 * this.halfWidth;
    const first = whole - this.halfWidth + 1;
    const near = phase * taps;
    const far = near + taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const coefficient = this.kernel[near + tap] + blend * (this.kernel[far + tap] - this.kernel[near + tap]);
      sum += coefficient * this.pending[first + tap];
    }
    return sum;
  }

  /** @private Drops input that no further output depends on. */
  dropUsed() {
    const used = Math.min(this.filled, Math.max(0, this.whole - this.halfWidth));
    if (used === 0) {
      return;
    }
    this.pending.copyWithin(0, used, this.filled);
    this.filled -= used;
    this.whole -= used;
  }
}

/**
 * The filter's coefficients. For each of `PHASES + 1` positions of an output sample between two input samples, there is
 * one for each input sample around it.
 */
function kernel(halfWidth, cutoff) {
  const taps = 2 * halfWidth;
  const table = new Float32Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase += 1) {
    const row = table.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - halfWidth + 1 - phase / PHASES;
      row[tap] = sinc(cutoff * distance) * kaiser(distance / halfWidth);
      sum += row[tap];
    }
    for (let tap = 0; tap < taps; tap += 1) {
      row[tap] /= sum;
    }
  }
  return table;
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The Kaiser window over -1 to 1. */
function kaiser(x) {
  return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
