// Posts everything it hears, with the number of its first sample. Served in place of a file of the page's own, because
// the page's policy lets nothing else in.
registerProcessor("test-recorder", class extends AudioWorkletProcessor {
  process([input]) {
    if (input.length > 0) {
      this.port.postMessage({ frame: currentFrame, samples: input[0].slice() });
    }
    return true;
  }
});
