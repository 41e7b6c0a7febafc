//! The templates: whether all of them render, and whether a directory of the operator's replaces any.

use std::path::Path;

use super::Finding;
use crate::config::Config;
use crate::interview::Interview;

pub(super) const NAME: &str = "templates";

/// The interview is for the checks of what is sent.
pub(super) fn check(config: &Config) -> (Option<Interview>, Finding) {
    let directory = config.templates_dir.as_deref();
    match Interview::load(directory) {
        Ok(interview) => (Some(interview), rendered(directory)),
        Err(error) => (None, Finding::failed(NAME, format!("{error}: mend the file in TEMPLATES_DIR"))),
    }
}

fn rendered(directory: Option<&Path>) -> Finding {
    let Some(directory) = directory else { return Finding::ok(NAME, "the built-in ones render") };
    match crate::templates::advice(directory) {
        Some(advice) => Finding::warning(NAME, format!("TEMPLATES_DIR: {advice}")),
        None => Finding::ok(NAME, "those in TEMPLATES_DIR render"),
    }
}
