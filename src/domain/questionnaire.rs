//! What a campaign wants to know, in one form for all of HOC's formats.

/// The questionnaire of a campaign.
///
/// Its texts are as HOC wrote them, except that contact persons and e-mail addresses are removed already. They may
/// still hold placeholders such as `{{first_name}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questionnaire {
    /// What is to be asked or told, in HOC's order.
    pub questions: Vec<Question>,
    /// The entries from HOC that can be neither asked nor told, in HOC's order.
    pub skipped: Vec<SkippedEntry>,
    /// The position, as HOC writes it (`campaignrole_title`, `job_title`, the protocol's name).
    pub role_title: Option<String>,
    /// The place of work, as HOC names it (`campaignlocation_label`, `work_location`).
    pub location: Option<String>,
    /// What HOC says about the employer's size.
    pub company_size: Option<String>,
    /// What HOC says about the employer besides the questions (`companypitch`, `knowledge_base`).
    pub company_pitch: Option<String>,
    /// What HOC says the employer values most (`companypriorities`).
    pub company_priorities: Option<String>,
}

/// An entry that cannot be used. It holds none of the entry's text, which may be about a contact person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedEntry {
    /// HOC's id, or one made from the entry's position (`question-3`).
    pub id: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why an entry cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// It is not an object.
    NotAQuestion,
    /// It has no text, or none that can be said.
    ///
    /// This includes a question that was lost together with a contact person in it and a criterion that is internal,
    /// because somebody should fix those.
    NoText,
    /// It is a note about a contact person, who is internal to the employer.
    ContactPerson,
    /// It is a note for recruiters, or asks for a judgement of the candidate, which nobody is asked for.
    Internal,
}

/// One entry of a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// HOC's id; the conditions of other questions refer to it.
    pub id: String,
    /// The sentence or the note.
    pub text: String,
    /// Whether `text` is a sentence to say or a note to turn into one.
    pub wording: Wording,
    /// What kind of answer is expected.
    pub kind: QuestionKind,
    /// How much the answer weighs.
    pub importance: Importance,
    /// A heading for people (`Qualifikation`, or the page's name in the pages form).
    pub group: Option<String>,
    /// The key of the category (`standardqualifikationen`, `standort`, …).
    pub category: Option<String>,
    /// The category's position among the others.
    pub category_order: Option<i64>,
    /// HOC's phase of the interview, 1 to 6.
    pub phase: Option<u8>,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// A note for the interviewer.
    pub context: Option<String>,
    /// What to say before the question.
    pub preamble: Option<String>,
    /// A hint for follow-up questions.
    pub help_text: Option<String>,
    /// A hint on the form of the answer.
    pub input_hint: Option<String>,
    /// When the question is asked or left out.
    pub conditions: Vec<Condition>,
    /// The question's role in a must criterion.
    pub gate: Gate,
    /// How to guide the candidate through a long list of options.
    pub flow: Option<ConversationFlow>,
}

impl Question {
    /// A question with only an id, a text and a kind.
    #[must_use]
    pub fn new(id: impl Into<String>, text: impl Into<String>, kind: QuestionKind) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            wording: Wording::Sentence,
            kind,
            importance: Importance::Unknown,
            group: None,
            category: None,
            category_order: None,
            phase: None,
            options: Vec::new(),
            context: None,
            preamble: None,
            help_text: None,
            input_hint: None,
            conditions: Vec::new(),
            gate: Gate::default(),
            flow: None,
        }
    }
}

/// How a question's text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// A sentence that can be said as it stands.
    Sentence,
    /// A criterion that the applicant meets or does not meet (`Deutschkenntnisse B2`), without HOC's prefix.
    Criterion,
    /// A condition that the applicant accepts or does not accept (`Vollzeit (39 Wochenstunden)`).
    WorkingCondition,
}

/// What kind of answer a question expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// Free text; also anything HOC may invent later.
    Open,
    /// A number.
    Number,
    /// A date.
    Date,
    /// Yes or no.
    YesNo,
    /// One of the options.
    Choice,
    /// Any of the options.
    MultiChoice,
    /// The options, in the candidate's order of preference.
    Ranking,
    /// A fact to tell: nothing is asked.
    Info,
}

/// How much an answer weighs (HOC's `priority`, or the prefix of a note).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Importance {
    /// `priority` 1, `Zwingend:`.
    Must,
    /// `priority` 2, `Wünschenswert:`.
    Wanted,
    /// `priority` 3 and above.
    NiceToHave,
    /// HOC does not say.
    Unknown,
}

/// A question's role in a must criterion (`gate_config`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gate {
    /// Whether the question is a must criterion.
    pub is_gate: bool,
    /// Whether the question is asked if another criterion was answered with no (`is_alternative`, `can_satisfy_gate`).
    pub is_alternative: bool,
    /// The id of the question that it replaces, which need not be a criterion. May be absent although `is_alternative`
    /// is set.
    pub alternative_for: Option<String>,
}

/// `when field op value, then action`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The id of another question, or the name of something that HOC's own forms know (`has_address`).
    pub field: String,
    /// How `values` are compared.
    pub operator: Operator,
    /// The values to compare with; empty for `exists`.
    pub values: Vec<ConditionValue>,
    /// What happens to the question with this condition if it holds.
    pub action: Action,
}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The answer equals the value.
    Equals,
    /// The answer is one of the values.
    In,
    /// There is an answer.
    Exists,
}

/// A value with which a condition compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionValue {
    /// Yes or no.
    Bool(bool),
    /// A text or a number, as text.
    Text(String),
}

/// What a condition does to its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Ask it, and otherwise do not.
    Ask,
    /// Leave it out.
    Skip,
    /// Take the answer as known, and confirm it.
    Prefill,
    /// Ask it earlier or later. It tells an interviewer nothing to act on.
    Reorder,
}

/// How to guide the candidate through a long list (`conversation_flow`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFlow {
    /// Asked first, to see whether there is a preference at all.
    pub pre_check: Option<PreCheck>,
    /// Asked openly, before any option is named.
    pub open_question: Option<String>,
    /// The options grouped by theme, for candidates who have no answer of their own.
    pub clustered_options: Option<ClusteredOptions>,
}

/// A short question before the list, and where each answer leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreCheck {
    /// The question.
    pub question: String,
    /// The next step after a yes, if HOC names one.
    pub on_yes: Option<NextStep>,
    /// The next step after a no, if HOC names one.
    pub on_no: Option<NextStep>,
}

/// Where an answer to a short question leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// The open question.
    OpenQuestion,
    /// The options grouped by theme.
    ClusteredOptions,
    /// The next question of the questionnaire.
    NextQuestion,
}

/// Options grouped by theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusteredOptions {
    /// A sentence that presents the themes.
    pub presentation_hint: Option<String>,
    /// The themes.
    pub clusters: Vec<OptionCluster>,
}

/// Options that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionCluster {
    /// The theme's name.
    pub label: String,
    /// The options of the theme.
    pub options: Vec<String>,
}
