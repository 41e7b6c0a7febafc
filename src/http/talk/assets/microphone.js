/** Asks for the microphone, and tells why there is none. */

/** Our outcomes by the names of the errors with which browsers refuse a microphone. */
const TROUBLES = new Map([
  ["NotAllowedError", "microphone-refused"],
  ["PermissionDeniedError", "microphone-refused"],
  ["SecurityError", "microphone-refused"],
  ["NotFoundError", "microphone-missing"],
  ["DevicesNotFoundError", "microphone-missing"],
  ["OverconstrainedError", "microphone-missing"],
  ["NotReadableError", "microphone-in-use"],
  ["TrackStartError", "microphone-in-use"],
  ["AbortError", "microphone-in-use"],
]);

/** The browser cleans the sound. Otherwise Susi hears herself through the loudspeaker and interrupts herself. */
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };

/**
 * Asks for the microphone. The browser asks the candidate, so this may take a long time.
 * @returns {Promise<MediaStream>}
 * @throws {MicrophoneError}
 */
export async function openMicrophone() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: false });
  } catch (error) {
    throw new MicrophoneError(TROUBLES.get(error.name) ?? "microphone-in-use", error);
  }
}

/** Switches the microphone off, so that the browser no longer shows that the page is listening. */
export function closeMicrophone(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

export class MicrophoneError extends Error {
  /**
   * @param {string} trouble the outcome that says so
   * @param {unknown} cause
   */
  constructor(trouble, cause) {
    super(trouble, { cause });
    this.trouble = trouble;
  }
}
