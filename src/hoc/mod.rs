//! Client for HOC (hirings.cloud): fetches and parses the questionnaire of a campaign.
//!
//! HOC's API has no published schema, so everything is parsed leniently: a member that is missing, null or of another
//! type is ignored, an entry that is not a question is skipped, and everything else is kept. The result is a
//! [`crate::domain::Questionnaire`] in which every text is one clean line, free of contact persons and e-mail
//! addresses.

mod client;
mod contacts;
mod document;
mod entries;
mod error;
mod internal;
mod lenient_json;
mod loose;
mod markup;
mod options;
mod pages_form;
mod profile;
mod questions_form;
mod sentences;
mod text;

pub use client::HocClient;
pub use document::parse_questionnaire;
pub use error::HocError;

#[cfg(test)]
mod tests;
