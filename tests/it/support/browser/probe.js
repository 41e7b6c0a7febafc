// Runs before the page's own scripts and measures what it does with sound. See probe.rs.

// The microphone: records what was requested and what was given, and disables the browser's own cleaning, which would
// take the test signal for noise. `__refuse` is the name of an error with which the next requests fail.
window.__asked = [];
window.__tracks = [];
window.__refuse = null;
if (navigator.mediaDevices) {
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    window.__asked.push(constraints);
    if (window.__refuse) {
      throw new DOMException("refused by the test", window.__refuse);
    }
    const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const stream = await getUserMedia({ audio: raw });
    window.__tracks.push(...stream.getAudioTracks());
    return stream;
  };
}

// Connects a recorder to whatever is connected to the loudspeaker, and to the microphone: the browser's microphone does
// not always deliver everything it was given to hear, and the measurement then says nothing about the page.
const connect = AudioNode.prototype.connect;
const blocks = [];
let microphone = [];
let recorders = null;
window.__context = null;

async function record(context) {
  window.__context = context;
  await context.audioWorklet.addModule("/talk/test-recorder.js");
  const into = (take) => {
    const node = new AudioWorkletNode(context, "test-recorder", { channelCount: 1, channelCountMode: "explicit" });
    node.port.onmessage = ({ data }) => take(data);
    connect.call(node, context.destination);
    return node;
  };
  return { loudspeaker: into((block) => blocks.push(block)), microphone: into((block) => microphone.push(block)) };
}

AudioNode.prototype.connect = function (target, ...rest) {
  const plug = (name) => {
    recorders ??= record(this.context);
    recorders.then((nodes) => connect.call(this, nodes[name]));
  };
  if (target instanceof AudioDestinationNode) {
    plug("loudspeaker");
  }
  if (this instanceof MediaStreamAudioSourceNode) {
    plug("microphone");
  }
  return connect.call(this, target, ...rest);
};

const AUDIBLE = 0.003;
const milliseconds = (samples) => (1000 * samples) / window.__context.sampleRate;
const isAudible = (block) => block.samples.some((sample) => Math.abs(sample) > AUDIBLE);

// The samples of consecutive blocks, with silence in place of missing ones.
const samplesOf = (following) => {
  const length = following.length === 0 ? 0 : following.at(-1).frame - following[0].frame + 128;
  const samples = new Float32Array(length);
  following.forEach((block) => samples.set(block.samples, block.frame - following[0].frame));
  return window.__encoded(samples);
};

// What was played, from the first audible block on.
window.__played = () => samplesOf(blocks.slice(blocks.findIndex(isAudible)));

// Starts recording the microphone, and returns the recording so far.
window.__listen = () => {
  microphone = [];
};
window.__listened = () => samplesOf(microphone);
window.__listenedFor = () => milliseconds(128 * microphone.length);

// 32-bit floats as base64.
window.__encoded = (samples) => {
  const bytes = new Uint8Array(samples.buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return btoa(text);
};

// In milliseconds of the audio graph's time: now, when sound was last audible, and for how long in total.
window.__now = () => 1000 * window.__context.currentTime;
window.__heardUntil = () => milliseconds((blocks.findLast(isAudible)?.frame ?? -128) + 128);
window.__heardFor = () => milliseconds(128 * blocks.filter(isAudible).length);
// The time up to which the recorder has recorded.
window.__recordedUntil = () => milliseconds((blocks.at(-1)?.frame ?? -128) + 128);
