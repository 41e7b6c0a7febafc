//! A tab, with verbs for what its user does.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::cdp::{Cdp, SessionId};
use super::evidence::{Evidence, observe};
use super::probe;
use crate::support::PATIENCE;

/// How a page is displayed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) name: &'static str,
    /// In CSS pixels.
    pub(crate) width: u32,
    height: u32,
    is_dark: bool,
}

impl Look {
    pub(crate) const PHONE: Self = Self { name: "phone-light", width: 360, height: 740, is_dark: false };
    pub(crate) const PHONE_DARK: Self = Self { name: "phone-dark", is_dark: true, ..Self::PHONE };
    pub(crate) const DESKTOP: Self = Self { name: "desktop-light", width: 1280, height: 800, is_dark: false };
    pub(crate) const DESKTOP_DARK: Self = Self { name: "desktop-dark", is_dark: true, ..Self::DESKTOP };
    /// A window of 1280 by 1024 at 400 %, as in WCAG's reflow criterion.
    pub(crate) const ZOOMED: Self = Self { name: "zoomed", width: 320, height: 256, is_dark: false };
}

/// A tab. It stays open as long as its browser.
pub(crate) struct Tab {
    cdp: Arc<Cdp>,
    session: SessionId,
    evidence: watch::Receiver<Evidence>,
}

impl Tab {
    pub(super) async fn attach(
        cdp: Arc<Cdp>,
        evidence: watch::Receiver<Evidence>,
        target: &Value,
        look: Look,
    ) -> Self {
        let attach = json!({ "targetId": target, "flatten": true });
        let attached = cdp.send(None, "Target.attachToTarget", attach).await;
        let session = SessionId(attached["sessionId"].as_str().unwrap().to_owned());
        let tab = Self { cdp, session, evidence };
        observe(Arc::clone(&tab.cdp), tab.session.clone()).await;
        tab.send("Page.enable", json!({})).await;
        tab.look(look).await;
        tab
    }

    async fn send(&self, method: &str, params: Value) -> Value {
        self.cdp.send(Some(&self.session), method, params).await
    }

    /// Changes the window's size and the colour scheme.
    pub(crate) async fn look(&self, look: Look) {
        let is_phone = look.width < 600;
        let scale = if is_phone { 2 } else { 1 };
        let metrics = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": scale, "mobile": is_phone
        });
        self.send("Emulation.setDeviceMetricsOverride", metrics).await;
        let scheme = if look.is_dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.send("Emulation.setEmulatedMedia", features).await;
    }

    /// Sets the preference for reduced motion.
    pub(crate) async fn without_motion(&self) {
        let features = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        self.send("Emulation.setEmulatedMedia", features).await;
    }

    /// Runs this script before the page's own, in every page opened from now on.
    pub(crate) async fn before_each_page(&self, script: &str) {
        self.send("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    }

    /// Disables scripts.
    pub(crate) async fn without_scripts(&self) {
        self.send("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    }

    /// Takes the network away, or gives it back.
    pub(crate) async fn offline(&self, is_offline: bool) {
        let conditions =
            json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.send("Network.emulateNetworkConditions", conditions).await;
    }

    /// Makes requests to addresses like this one fail.
    pub(crate) async fn block(&self, address: &str) {
        self.hold_up(&[probe::RECORDER, address]).await;
    }

    /// Intercepts requests to addresses like these; [`probe`] decides how they are answered.
    async fn hold_up(&self, addresses: &[&str]) {
        let patterns: Vec<_> = addresses.iter().map(|address| json!({ "urlPattern": address })).collect();
        self.send("Fetch.enable", json!({ "patterns": patterns })).await;
    }

    /// Measures sound, from the next page on; see [`probe`].
    pub(crate) async fn measure_sound(&self) {
        self.hold_up(&[probe::RECORDER]).await;
        self.before_each_page(probe::SCRIPT).await;
    }

    /// The samples played so far, from the first audible one on, at the rate of the audio graph.
    pub(crate) async fn played(&self) -> Vec<f64> {
        self.samples("__played()").await
    }

    /// Starts recording the microphone, as the page hears it.
    pub(crate) async fn record_microphone(&self) {
        self.evaluate("__listen()").await;
    }

    /// The recording so far, at the rate of the audio graph.
    pub(crate) async fn recorded_microphone(&self) -> Vec<f64> {
        self.samples("__listened()").await
    }

    /// The sample rate of the audio graph.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sample rate")]
    pub(crate) async fn sample_rate(&self) -> u32 {
        self.number("__context.sampleRate").await as u32
    }

    /// Samples from the page, in the format of `__encoded(samples)`.
    pub(crate) async fn samples(&self, expression: &str) -> Vec<f64> {
        probe::samples(&self.evaluate(expression).await)
    }

    /// A number from the page.
    pub(crate) async fn number(&self, expression: &str) -> f64 {
        let value = self.evaluate(expression).await;
        value.as_f64().unwrap_or_else(|| panic!("{expression} is no number: {value}"))
    }

    /// Opens an address and waits until it is loaded.
    pub(crate) async fn open(&self, url: &str) {
        let before = self.evidence.borrow().loads;
        let opened = self.send("Page.navigate", json!({ "url": url })).await;
        assert_eq!(opened.get("errorText"), None, "{url}");
        let mut evidence = self.evidence.clone();
        let loaded = evidence.wait_for(|evidence| evidence.loads > before);
        assert!(matches!(tokio::time::timeout(PATIENCE, loaded).await, Ok(Ok(_))), "{url} is never loaded");
    }

    /// Leaves the page.
    pub(crate) async fn leave(&self) {
        self.send("Page.navigate", json!({ "url": "about:blank" })).await;
    }

    /// The value of an expression, or what its promise resolves to.
    #[track_caller]
    pub(crate) fn evaluate(&self, expression: &str) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let evaluate = json!({
                "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": false
            });
            let mut answer = self.send("Runtime.evaluate", evaluate).await;
            let error = answer.get("exceptionDetails");
            assert!(error.is_none(), "{caller}: {expression}: {}", error.unwrap_or_default());
            answer["result"]["value"].take()
        }
    }

    /// Waits until an expression is true.
    pub(crate) async fn until(&self, expression: &str) {
        let seen = self.is_soon(expression).await;
        assert!(seen, "never {expression}; the page says: {}", self.text().await);
    }

    /// Whether an expression becomes true within the time allowed for anything.
    async fn is_soon(&self, expression: &str) -> bool {
        let wait = format!(
            "new Promise((resolve) => {{
               const begin = performance.now();
               const look = () => {{
                 if ({expression}) resolve(true);
                 else if (performance.now() - begin > 15000) resolve(false);
                 else setTimeout(look, 10);
               }};
               look();
             }})"
        );
        self.evaluate(&wait).await == Value::Bool(true)
    }

    /// All text that is visible at the moment.
    pub(crate) async fn text(&self) -> String {
        let text = self.evaluate("document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until this is the visible view, and returns its text.
    pub(crate) async fn sees(&self, view: &str) -> String {
        let shown = "[...document.querySelectorAll('[data-view]')].filter((view) => !view.hidden)";
        self.until(&format!("{shown}.map((view) => view.dataset.view).join() === '{view}'")).await;
        self.text().await
    }

    /// Waits until a text is visible.
    pub(crate) async fn reads(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({})", json!(text))).await;
    }

    /// Clicks the only visible control that this selector matches, with the mouse: a real user gesture.
    pub(crate) async fn press(&self, selector: &str) {
        let usable = format!(
            "[...document.querySelectorAll({})].filter((control) => control.checkVisibility() && !control.disabled)",
            json!(selector)
        );
        self.until(&format!("{usable}.length === 1")).await;
        let place = format!(
            "(() => {{
               const [control] = {usable};
               control.scrollIntoView({{ block: 'center' }});
               const box = control.getBoundingClientRect();
               return [box.x + box.width / 2, box.y + box.height / 2];
             }})()"
        );
        let place = self.evaluate(&place).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let click =
                json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.send("Input.dispatchMouseEvent", click).await;
        }
    }

    /// Presses a key.
    pub(crate) async fn strike(&self, key: &str) {
        let text = if key == "Enter" { "\r" } else { "" };
        let code = match key {
            "Enter" => 13,
            "Tab" => 9,
            " " => 32,
            _ => 0,
        };
        for kind in ["keyDown", "keyUp"] {
            let stroke = json!({
                "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code
            });
            self.send("Input.dispatchKeyEvent", stroke).await;
        }
    }

    /// Everything seen so far in all tabs of this browser.
    pub(crate) fn evidence(&self) -> Evidence {
        self.evidence.borrow().clone()
    }

    /// A screenshot of the whole page, as PNG.
    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        let metrics = self.send("Page.getLayoutMetrics", json!({})).await;
        let size = &metrics["cssContentSize"];
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let picture = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.send("Page.captureScreenshot", picture).await;
        STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
    }
}
