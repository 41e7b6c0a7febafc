//! The troubles of HOC, by campaign.

use axum::http::StatusCode;
use serde_json::json;

use super::{DAY_CARE, json_answer};
use crate::sandbox::faults::{Answer, Fault, login_page, redirect};

/// More than the 2 MiB that a careful client reads.
const HUGE: usize = 3 * 1024 * 1024;

/// The trouble for a campaign's `tries`-th request, counted from 1.
pub(super) fn of(campaign_id: u64, tries: u32, origin: &str) -> Option<Fault> {
    let fault = match campaign_id {
        500 => internal_error(),
        501 => Fault::Answer(login_page()),
        502 => Fault::broken_json(),
        503 => Fault::Hang,
        504 => Fault::Answer(json_answer(
            StatusCode::FORBIDDEN,
            "You do not have permission to perform this action.",
        )),
        505 => Fault::Answer(Answer::raw(StatusCode::OK, "text/plain; charset=utf-8", DAY_CARE)),
        // Every other request fails, so that the campaign can demonstrate it again and again.
        506 if tries % 2 == 1 => internal_error(),
        507 => Fault::Answer(huge()),
        // Following it would yield a questionnaire, and so be noticed.
        508 => Fault::Answer(redirect(format!("{origin}/api/v1/questionnaire/200"))),
        509 => Fault::Close,
        _ => return None,
    };
    Some(fault)
}

fn internal_error() -> Fault {
    Fault::Answer(Answer::raw(
        StatusCode::INTERNAL_SERVER_ERROR,
        "text/html; charset=utf-8",
        "<!doctype html><title>Server Error (500)</title><h1>Server Error (500)</h1>",
    ))
}

/// Valid JSON, and even a questionnaire: only its size is wrong.
fn huge() -> Answer {
    let question = json!({
        "id": 1,
        "question": "Möchten Sie bei uns arbeiten?",
        "type": "boolean",
        "context": "a".repeat(HUGE),
    });
    Answer::json(StatusCode::OK, &json!({ "questions": [question] }))
}
