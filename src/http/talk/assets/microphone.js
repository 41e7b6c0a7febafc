/** The microphone: how it is asked for, and why one does not get it. */

/** Names of troubles by the names of the errors with which browsers refuse a microphone. */
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

/** The browser cleans the sound: else Susi hears herself from the loudspeaker and interrupts herself. */
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };

/**
 * Asks for the microphone. The browser asks the candidate, so this may take long.
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

/** Switches the microphone off: the browser's sign that somebody listens goes out. */
export function closeMicrophone(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

export class MicrophoneError extends Error {
  /**
   * @param {string} trouble its name
   * @param {unknown} cause
   */
  constructor(trouble, cause) {
    super(trouble, { cause });
    this.trouble = trouble;
  }
}
