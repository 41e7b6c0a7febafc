//! HOC (hirings.cloud): the questionnaire of a campaign.
//!
//! HOC's API has no published schema, so everything here is read tolerantly: a member that is missing, null or of
//! another type costs that member, an entry that is no question costs that entry, and nothing else. What comes out is a
//! [`crate::domain::Questionnaire`] whose every text is one clean line, free of contact persons and e-mail addresses.

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
mod text;

pub use client::HocClient;
pub use document::parse_questionnaire;
pub use error::HocError;

#[cfg(test)]
mod tests;
