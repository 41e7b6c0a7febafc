// Posts everything it hears, with the number of its first sample. Served as if it were one of the page's own files,
// because the page's policy allows nothing else.
registerProcessor("test-recorder", class extends AudioWorkletProcessor {
  process([input]) {
    if (input.length > 0) {
      this.port.postMessage({ frame: currentFrame, samples: input[0].slice() });
    }
    return true;
  }
});
