//! What a trigger, a candidate, a telephone number and a questionnaire are.
//!
//! Everything here is validated when it is parsed, and valid from then on. No I/O, no HTTP types, no JSON values.

mod agent_id;
mod agent_phone_number_id;
mod applicant_id;
mod call_id;
mod campaign_id;
mod candidate;
mod conversation_id;
mod name;
mod phone;
mod plain_id;
mod private;
mod questionnaire;
mod script;
mod text;
mod trigger;
mod unfilled;

pub use agent_id::AgentId;
pub use agent_phone_number_id::AgentPhoneNumberId;
pub use applicant_id::ApplicantId;
pub use call_id::CallId;
pub use campaign_id::CampaignId;
pub use candidate::Candidate;
pub use conversation_id::ConversationId;
pub use name::{CompanyName, PersonName, SpokenName, TextError};
pub use phone::{CountryCode, NumberKind, PhoneError, PhoneNumber};
pub use plain_id::is_plain_id;
pub use private::Private;
pub use questionnaire::{
    Action, ClusteredOptions, Condition, ConditionValue, ConversationFlow, Gate, Importance, NextStep,
    Operator, OptionCluster, PreCheck, Question, QuestionKind, Questionnaire, SkipReason, SkippedEntry,
    Wording,
};
pub use script::{Script, Variables};
pub use text::{capitalised, clean_line, clean_line_keeping, clean_line_with_placeholders};
pub use trigger::{CallTarget, Trigger};
pub use unfilled::{is_no_id, is_placeholder_for_id};
