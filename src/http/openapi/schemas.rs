//! What Rust's types do not express about a value: limits, patterns and fixed words. The limits are the domain's own.

use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, SchemaType};
use utoipa::openapi::{KnownFormat, Object, Schema, SchemaFormat, Type};

use crate::domain::{AgentPhoneNumberId, ApplicantId, CampaignId, CompanyName, ConversationId, PersonName};
use crate::elevenlabs::MAX_URL_CHARS;
use crate::interview::limits;

/// Text that can be spoken: more than blanks and ASCII punctuation. Avoids `\p{…}`, which many tools cannot read.
const SPEAKABLE: &str = r"[^\s!-/:-@\[-`{-~]";

/// A campaign as a string, with at most as many digits as [`CampaignId::MAX`]. A pattern cannot check the exact
/// maximum.
const CAMPAIGN_DIGITS: &str = r"^\s*0*[1-9][0-9]{0,15}\s*$";

/// Excludes characters that never occur in a telephone number. A pattern cannot tell which numbers are accepted.
const WRITTEN_NUMBER: &str = r##"^\s*([Tt][Ee][Ll]:)?[^A-Za-zÄÖÜäöüß!"#$%&'*,:;<=>?@\\^_`{|}~]*$"##;

/// The id of a number at ElevenLabs. It has at least one letter, which tells it apart from a telephone number.
const AGENT_PHONE_NUMBER_ID: &str = "[0-9_-]*[A-Za-z][A-Za-z0-9_-]*";

/// Leaves room for blanks and brackets; no number in use needs half of it.
const WRITTEN_NUMBER_CHARS: usize = 100;

/// A string with these lengths, in characters.
pub(in crate::http) fn text(min: usize, max: usize) -> ObjectBuilder {
    let lower = (min > 0).then_some(min);
    ObjectBuilder::new().schema_type(Type::String).min_length(lower).max_length(Some(max))
}

/// One of these words.
pub(in crate::http) fn word(words: &[&str]) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied())).build()
}

/// `"success"`.
pub(in crate::http) fn success() -> Object {
    word(&["success"])
}

/// A campaign as HOC sends it: a number, or digits in a string.
pub(in crate::http) fn sent_campaign_id() -> Schema {
    let digits = ObjectBuilder::new().schema_type(Type::String).pattern(Some(CAMPAIGN_DIGITS));
    AnyOfBuilder::new().item(campaign_id()).item(digits).build().into()
}

/// A campaign as answers show it.
pub(in crate::http) fn campaign_id() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1_u64))
        .maximum(Some(CampaignId::MAX))
        .build()
}

/// A company as HOC sends it.
pub(in crate::http) fn sent_company() -> Object {
    text(1, CompanyName::MAX_CHARS).pattern(Some(SPEAKABLE)).build()
}

/// A first or last name as HOC sends it.
pub(in crate::http) fn sent_name() -> Object {
    text(1, PersonName::MAX_CHARS).pattern(Some(SPEAKABLE)).build()
}

/// A telephone number as people write it. Null and blank mean a link.
pub(in crate::http) fn sent_number() -> Object {
    nullable(text(0, WRITTEN_NUMBER_CHARS).pattern(Some(WRITTEN_NUMBER)), Type::String)
}

/// The number to call from. Null and blank mean the configured one.
pub(in crate::http) fn sent_agent_phone_number_id() -> Object {
    // `n/a` means absent, like null.
    let id = text(0, AgentPhoneNumberId::MAX_CHARS);
    nullable(id.pattern(Some(format!(r"^\s*({AGENT_PHONE_NUMBER_ID}|[Nn]/[Aa])?\s*$"))), Type::String)
}

/// HOC's own id: a string or a whole number. Null and blank mean none.
pub(in crate::http) fn sent_applicant_id() -> Object {
    let types = SchemaType::from_iter([Type::String, Type::Integer, Type::Null]);
    text(0, ApplicantId::MAX_CHARS).schema_type(types).build()
}

/// The company as Susi says it.
pub(in crate::http) fn company() -> Object {
    text(1, CompanyName::MAX_CHARS).pattern(Some(SPEAKABLE)).build()
}

/// First and last name with a space between them.
pub(in crate::http) fn full_name() -> Object {
    text(3, 2 * PersonName::MAX_CHARS + 1).pattern(Some(SPEAKABLE)).build()
}

/// A number that may be dialled.
pub(in crate::http) fn e164() -> Object {
    text(8, 16).pattern(Some(r"^\+[1-9][0-9]{6,14}$")).build()
}

/// ElevenLabs' id of a conversation.
pub(in crate::http) fn conversation_id() -> Object {
    text(1, ConversationId::MAX_CHARS).pattern(Some("^[!-~]+$")).build()
}

/// The outcome of a call.
pub(in crate::http) fn initiated() -> Object {
    word(&["initiated"])
}

/// Where the candidate talks.
pub(in crate::http) fn link() -> Object {
    text(1, MAX_URL_CHARS).format(Some(SchemaFormat::Custom("uri".to_owned()))).build()
}

/// ElevenLabs' id of the agent, as configured.
pub(in crate::http) fn agent_id() -> Object {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).pattern(Some(r"\S")).build()
}

/// A URL, as configured.
pub(in crate::http) fn url() -> Object {
    let uri = SchemaFormat::Custom("uri".to_owned());
    ObjectBuilder::new().schema_type(Type::String).format(Some(uri)).build()
}

/// See [`crate::clock::timestamp`]. Not `date-time`, which would promise an offset.
pub(in crate::http) fn timestamp() -> Object {
    text(26, 26).pattern(Some(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$")).build()
}

/// The length of a prompt, in characters.
pub(in crate::http) fn prompt_length() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(0))
        .maximum(Some(limits::PROMPT))
        .build()
}

/// The prompt.
pub(in crate::http) fn prompt() -> Object {
    text(1, limits::PROMPT).pattern(Some(r"\S")).build()
}

/// The variables for the agent's own texts and tools. Their names are up to the agent.
pub(in crate::http) fn variables() -> Object {
    let value = text(0, limits::VARIABLE).build();
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(Schema::from(value))).build()
}

/// A stable word for programs, from a set that may grow.
pub(in crate::http) fn code() -> Object {
    code_text().build()
}

/// The same, or null.
pub(in crate::http) fn optional_code() -> Object {
    nullable(code_text(), Type::String)
}

fn code_text() -> ObjectBuilder {
    text(1, 50).pattern(Some("^[a-z0-9_]+$"))
}

/// An ISO 3166-1 country code.
pub(in crate::http) fn country() -> Object {
    text(2, 2).pattern(Some("^[A-Z]{2}$")).build()
}

/// ElevenLabs' id of a number.
pub(in crate::http) fn agent_phone_number_id() -> Object {
    text(1, AgentPhoneNumberId::MAX_CHARS).pattern(Some(format!("^{AGENT_PHONE_NUMBER_ID}$"))).build()
}

/// A path at ElevenLabs, or null.
pub(in crate::http) fn optional_path() -> Object {
    nullable(text(1, 200).pattern(Some("^/")), Type::String)
}

/// A count, or a duration.
pub(in crate::http) fn count() -> Object {
    whole_number().build()
}

/// The same, or null.
pub(in crate::http) fn optional_count() -> Object {
    nullable(whole_number(), Type::Integer)
}

fn whole_number() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(0))
        .maximum(Some(i32::MAX))
}

/// HOC's id of an entry, as HOC writes it.
pub(in crate::http) fn entry_id() -> Object {
    ObjectBuilder::new().schema_type(Type::String).build()
}

/// A sentence for people that says what to do.
pub(in crate::http) fn sentence() -> Object {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).pattern(Some(r"\S")).build()
}

/// The first words the candidate hears. The operator's template determines their length.
pub(in crate::http) fn first_message() -> Object {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).pattern(Some(SPEAKABLE)).build()
}

fn nullable(schema: ObjectBuilder, other: Type) -> Object {
    schema.schema_type(SchemaType::from_iter([other, Type::Null])).build()
}
