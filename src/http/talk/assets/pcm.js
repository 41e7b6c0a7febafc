/** Converts between 16-bit PCM, as on the line, and floating-point samples from -1 to 1, as in the audio graph. */

const SCALE = 32768;

/**
 * @param {Float32Array} samples
 * @returns {ArrayBuffer} little endian, whatever the machine's byte order is
 */
export function encode(samples) {
  const bytes = new DataView(new ArrayBuffer(2 * samples.length));
  for (let index = 0; index < samples.length; index += 1) {
    const value = Math.round(samples[index] * SCALE);
    bytes.setInt16(2 * index, Math.max(-SCALE, Math.min(SCALE - 1, value)), true);
  }
  return bytes.buffer;
}

/**
 * @param {ArrayBuffer} buffer half a sample at its end is ignored
 * @returns {Float32Array}
 */
export function decode(buffer) {
  const bytes = new DataView(buffer);
  const samples = new Float32Array(Math.floor(buffer.byteLength / 2));
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = bytes.getInt16(2 * index, true) / SCALE;
  }
  return samples;
}
