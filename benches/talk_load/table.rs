//! Prints the result for people.

use std::time::Duration;

/// Both directions, to the agent and to the page: direct, through the relay, and the difference.
pub(crate) fn print(direct: &[Vec<Duration>; 2], relayed: &[Vec<Duration>; 2]) {
    println!("\n{:<10}{:<10}{:>9}{:>12}{:>12}{:>12}", "", "", "frames", "median", "p99", "p99.9");
    for (way, (direct, relayed)) in ["to agent", "to page"].into_iter().zip(direct.iter().zip(relayed)) {
        row(way, "direct", direct.len(), quantiles(direct));
        row("", "relayed", relayed.len(), quantiles(relayed));
        let [was, is] = [direct, relayed].map(|delays| quantiles(delays));
        let added = [0, 1, 2].map(|n| is[n].saturating_sub(was[n]));
        println!("{:<10}{:<10}{:>9}{}", "", "added", "", cells(added));
    }
}

fn row(way: &str, what: &str, frames: usize, quantiles: [Duration; 3]) {
    println!("{way:<10}{what:<10}{frames:>9}{}", cells(quantiles));
}

fn cells(quantiles: [Duration; 3]) -> String {
    quantiles.map(|delay| format!("{:>9.3} ms", delay.as_secs_f64() * 1_000.0)).concat()
}

/// The median and the 99 and 99.9 % quantiles of sorted delays.
fn quantiles(sorted: &[Duration]) -> [Duration; 3] {
    assert!(!sorted.is_empty(), "no frame arrived");
    [500, 990, 999].map(|mill| sorted[(sorted.len() * mill / 1_000).min(sorted.len() - 1)])
}
