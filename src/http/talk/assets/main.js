/** The page's entry point: connects what is visible with the talk. */

import { OwnVoice } from "./own_voice.js";
import { Talk } from "./talk.js";
import { Transcript } from "./transcript.js";
import { View } from "./view.js";

const view = new View(document.body);
const transcript = new Transcript(document.querySelector("#transcript"), {
  susi: document.querySelector("#utterance-susi"),
  you: document.querySelector("#utterance-you"),
});
const susisVoice = document.querySelector("#susis-voice");
const ownVoice = new OwnVoice(document.querySelector("#own-voice"), (words) => view.choose("own-voice", words));

/** @type {Talk | null} */
let talk = null;
let isMuted = false;
let isTranscriptShown = true;

/** The address of the session, with an id of this tab that survives a reload, so it can take its talk over. */
function session() {
  const id = history.state?.tab ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
  history.replaceState({ tab: id }, "");
  const address = new URL(location.href);
  address.pathname = `${address.pathname.replace(/\/$/, "")}/session`;
  address.search = new URLSearchParams({ tab: id }).toString();
  address.hash = "";
  return address;
}

function begin() {
  transcript.clear();
  ownVoice.reset();
  view.clearNotices();
  view.choose("voice", "listening");
  showMuted(false);
  talk = new Talk(session(), react);
  talk.begin();
}

/** Shows an event of the talk. */
function react(event) {
  switch (event.type) {
    case "stage":
      enter(event.stage);
      break;
    case "notice":
      view.notice(event.name, event.shown);
      break;
    case "muted":
      showMuted(event.muted);
      break;
    case "heard":
      ownVoice.hear(event.level);
      break;
    case "said":
      susisVoice.style.setProperty("--level", event.level.toFixed(2));
      break;
    case "speaking":
      ownVoice.letSusiSpeak(event.speaking);
      susisVoice.style.setProperty("--level", "0");
      view.choose("voice", event.speaking ? "speaking" : "listening");
      break;
    case "agent_said":
    case "agent_corrected":
      transcript.write("susi", event.id, event.text);
      break;
    case "you_said":
      transcript.write("you", event.id, event.text);
      break;
    case "over":
      talk = null;
      view.show(event.outcome);
      break;
  }
}

function enter(stage) {
  if (stage === "asking") {
    view.show("talk");
  }
  view.choose("stage", stage);
}

function showMuted(muted) {
  isMuted = muted;
  ownVoice.mute(muted);
  view.press("mute", muted);
}

function showTranscript(isShown) {
  isTranscriptShown = isShown;
  view.press("transcript", isShown);
  view.choose("transcript", isShown ? "shown" : "hidden");
}

/** Makes screen readers read the transcript out, or not. By default not: Susi would be drowned out, and hear them. */
function readAloud(isRead) {
  view.press("read-aloud", isRead);
  document.querySelector("#transcript").setAttribute("aria-live", isRead ? "polite" : "off");
}

view.on("start", begin);
view.on("end", () => talk?.end());
view.on("mute", () => talk?.mute(!isMuted));
view.on("transcript", () => showTranscript(!isTranscriptShown));
view.on("read-aloud", (control) => readAloud(control.getAttribute("aria-pressed") !== "true"));
view.on("resume-sound", () => talk?.resumeSound());
view.on("replace-microphone", () => talk?.replaceMicrophone());
// Leaving the page ends the talk. A page that is restored from the browser's cache then says so.
window.addEventListener("pagehide", () => talk?.end());
// The button works from here on; `browser_check.js` looks for this mark.
document.documentElement.dataset.ready = "";
