//! `sandbox`: the product on one screen. It serves the webhook with both upstreams simulated, sends one call and one
//! link itself, and keeps running.

mod curl;
mod screen;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use self::screen::Screen;
use super::serve::stop_signal;
use crate::app::App;
use crate::config::{self, Config, ConfigError, LogConfig};
use crate::sandbox::{self, Sandbox};
use crate::telemetry;
use crate::upstream;

/// Shorter than in production, so that campaign 607 (no answer at all) does not keep a newcomer waiting for two
/// minutes.
const DIAL_TIMEOUT: Duration = Duration::from_secs(15);

pub(super) async fn sandbox() -> Result<(), Box<dyn Error>> {
    telemetry::init(&LogConfig::default(), None)?;
    let upstreams = Sandbox::start().await?;
    let key = format!("sandbox-{}", Uuid::new_v4().simple());
    let listener = listen().await?;
    let url = format!("http://{}", listener.local_addr()?);
    let settings = settings(&upstreams, &key, &url);
    let app = App::build(&config(&settings)?).await?;
    let service = tokio::spawn(app.serve(listener, stop_signal()?));
    show(&upstreams, &Screen { url, key, settings }).await?;
    service.await??;
    Ok(())
}

/// Listens on this machine only: on the usual port, or on any free one if that is taken.
async fn listen() -> Result<TcpListener, Box<dyn Error>> {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, config::local_address()?.1));
    if let Ok(listener) = TcpListener::bind(usual).await {
        return Ok(listener);
    }
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?)
}

/// The service's settings with the simulated upstreams. Accounts and keys of the environment are not used.
fn settings(upstreams: &Sandbox, key: &str, url: &str) -> Vec<(&'static str, String)> {
    [
        ("WEBHOOK_API_KEY", key),
        ("PUBLIC_BASE_URL", url),
        ("DATABASE_URL", "sqlite::memory:"),
        ("HIRINGS_API_URL", &upstreams.hoc.base_url()),
        ("HIRINGS_API_TOKEN", sandbox::HOC_TOKEN),
        ("ELEVENLABS_API_URL", &upstreams.elevenlabs.base_url()),
        ("ELEVENLABS_API_KEY", sandbox::ELEVENLABS_API_KEY),
        ("ELEVENLABS_AGENT_ID", sandbox::AGENT_ID),
        ("ELEVENLABS_AGENT_PHONE_NUMBER_ID", sandbox::PHONE_NUMBER_TWILIO),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn config(settings: &[(&'static str, String)]) -> Result<Config, ConfigError> {
    let mut config = Config::from_pairs(settings.iter().map(|(name, value)| (*name, value.as_str())))?;
    config.elevenlabs.dial_timeout = DIAL_TIMEOUT;
    Ok(config)
}

/// Sends one call and one link as HOC would, and shows everything there is to see.
async fn show(upstreams: &Sandbox, screen: &Screen) -> Result<(), Box<dyn Error>> {
    let call = curl::trigger(300, true);
    let link = curl::trigger(100, false);
    screen.title();
    let answer = send(screen, &call).await?;
    let dial = upstreams.elevenlabs.dials().pop().map_or(Value::Null, |dial| dial.body);
    screen.call(&call, &dial, &answer);
    let answer = send(screen, &link).await?;
    screen.link(&link, &answer);
    screen.try_yourself(&answer);
    Ok(())
}

async fn send(screen: &Screen, trigger: &Value) -> Result<Value, Box<dyn Error>> {
    let answer = upstream::client()?
        .post(format!("{}/webhook/trigger-call", screen.url))
        .bearer_auth(&screen.key)
        .json(trigger)
        .send()
        .await?;
    let status = answer.status().as_u16();
    Ok(json!({ "status": status, "body": answer.json::<Value>().await? }))
}
