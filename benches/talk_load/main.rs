//! Many simultaneous talks through the real relay: how much delay it adds to a frame, and how much memory a talk takes.
//!
//! `cargo run --release --example talk_load -- 200 20` holds 200 talks for 20 s. The service runs in a process of its
//! own, started by this program from its own binary. Candidates and agents run in this one, so that both ends of a
//! frame's path share a clock. First, the same frames are sent directly between them, as the baseline. Needs Linux
//! (`/proc`).
#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark stops at the first fault")]

mod agent;
mod frames;
mod page;
mod service;
mod table;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::frames::Delays;
use self::page::Page;
use self::service::Service;

/// How long everything runs before measuring starts.
const WARM_UP: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(service::COMMAND) {
        return sellcruiting_webhook::cli::run();
    }
    let number = |nth, usual| std::env::args().nth(nth).map_or(usual, |text| text.parse().expect("a number"));
    let (talks, seconds) = (number(1, 200), number(2, 20));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure(talks, Duration::from_secs(seconds)));
    ExitCode::SUCCESS
}

async fn measure(talks: u64, time: Duration) {
    let (to_agent, to_page) = (Arc::new(Delays::default()), Arc::new(Delays::default()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstreams = listener.local_addr().unwrap();
    tokio::spawn(
        axum::serve(agent::without_delay(listener), agent::upstreams(upstreams, &to_agent)).into_future(),
    );

    let mut pages = JoinSet::new();
    for n in 0..talks {
        let page = Page::open_directly(upstreams).await;
        pages.spawn(page.talk(stagger(n, talks), Arc::clone(&to_page)));
    }
    let direct = window(time, [&to_agent, &to_page]).await;
    pages.shutdown().await;

    let service = Service::start(upstreams, talks).await;
    // What the first talk loads, all others share.
    let first = Page::open(&service, &service.invite().await).await;
    drop(first);
    let mut links = Vec::new();
    for _ in 0..talks {
        links.push(service.invite().await);
    }
    let before = service.memory();
    for (n, link) in (0..talks).zip(&links) {
        let page = Page::open(&service, link).await;
        pages.spawn(page.talk(stagger(n, talks), Arc::clone(&to_page)));
    }
    let (began, used) = (Instant::now(), service.processor_time());
    let relayed = window(time, [&to_agent, &to_page]).await;
    let load = service.processor_time().saturating_sub(used).as_secs_f64() / began.elapsed().as_secs_f64();
    let memory = service.memory() - before;
    assert_eq!(pages.len() as u64, talks, "no talk ended");

    println!("{talks} talks at once for {} s, one frame each 25 ms in either direction", time.as_secs());
    table::print(&direct, &relayed);
    println!("\nprocessor: {:.0} % of a core", 100.0 * load);
    println!("memory a talk: {} KiB ({} MiB for all)", memory / talks / 1_024, memory >> 20);
}

/// Spreads the first frames of the talks over the length of a frame, as they are with real people.
fn stagger(n: u64, talks: u64) -> Duration {
    frames::LENGTH * u32::try_from(n).unwrap() / u32::try_from(talks).unwrap()
}

/// The delays of all frames that arrive in this period, sorted.
async fn window(time: Duration, delays: [&Delays; 2]) -> [Vec<Duration>; 2] {
    sleep(WARM_UP).await;
    drop(delays.map(Delays::take));
    sleep(time).await;
    delays.map(Delays::take)
}
