//! This machine's clock against ElevenLabs'.

use chrono::{DateTime, TimeDelta, Utc};

use super::Finding;

const NAME: &str = "clock";

/// A larger difference is worth a look. The answer's travel time and the rounding to whole seconds explain less.
const NOTABLE: TimeDelta = TimeDelta::seconds(30);

/// With a larger one, a call may not be found in ElevenLabs' list by its time.
const TOO_MUCH: TimeDelta = TimeDelta::minutes(5);

pub(super) fn check(theirs: Option<DateTime<Utc>>, ours: DateTime<Utc>) -> Finding {
    let Some(theirs) = theirs else {
        return Finding::warning(NAME, "not checked: no answer of ElevenLabs told its time");
    };
    let off = (ours - theirs).abs();
    let told = format!("{} s off ElevenLabs'", off.num_seconds());
    if off >= TOO_MUCH {
        return Finding::failed(
            NAME,
            format!("{told}: set it (NTP), or calls are not found again and links expire at the wrong time"),
        );
    }
    if off >= NOTABLE {
        return Finding::warning(NAME, format!("{told}: set it (NTP)"));
    }
    Finding::ok(NAME, told)
}
