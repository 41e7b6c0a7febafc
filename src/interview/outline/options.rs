//! The options of a question.

use crate::interview::limits;
use crate::interview::placeholders::Placeholders;

/// Each option once, up to [`limits::OPTIONS`].
pub(super) fn options(options: &[String], fill: &Placeholders) -> Vec<String> {
    let mut filled: Vec<String> = Vec::new();
    for option in options.iter().filter_map(|option| fill.fill_text(Some(option), limits::OPTION)) {
        if filled.contains(&option) {
            continue;
        }
        if filled.len() == limits::OPTIONS {
            fill.ledger.surplus(&option);
            continue;
        }
        filled.push(option);
    }
    filled
}
