//! What a trigger, a candidate, a telephone number and a questionnaire are.
//!
//! Everything here is validated when it is parsed, and valid from then on. No I/O, no HTTP types, no JSON values.

mod call_id;
mod campaign;
mod candidate;
mod conversation_id;
mod phone;
mod private;
mod questionnaire;
mod script;
mod text;
mod trigger;
mod unfilled;

pub use call_id::CallId;
pub use campaign::CampaignId;
pub use candidate::{Candidate, CompanyName, PersonName, SpokenName, TextError};
pub use conversation_id::ConversationId;
pub use phone::{CountryCode, NumberKind, PhoneError, PhoneNumber};
pub use private::Private;
pub use questionnaire::{
    Action, ClusteredOptions, Condition, ConditionValue, ConversationFlow, Gate, Importance, NextStep,
    Operator, OptionCluster, PreCheck, Question, QuestionKind, Questionnaire, SkipReason, SkippedEntry,
    Wording,
};
pub use script::{Script, Variables};
pub use text::{
    capitalised, clean_line, clean_line_keeping, clean_line_with_placeholders, without_byte_order_mark,
};
pub use trigger::{AgentPhoneNumberId, ApplicantId, CallTarget, Trigger};
pub use unfilled::{is_no_id, is_placeholder_for_id};
