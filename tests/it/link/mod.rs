//! A trigger without a number becomes a link: where it leads, for how long, and what the candidate finds there.

mod candidate_page;
mod to_elevenlabs;
mod to_own_page;
