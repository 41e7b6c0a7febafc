//! What a campaign wants to know, in one form for everything HOC sends.

/// The questionnaire of a campaign. Texts are as HOC wrote them, already free of contact persons and e-mail addresses;
/// they may still hold placeholders such as `{{first_name}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questionnaire {
    /// What is asked or told, in HOC's order.
    pub questions: Vec<Question>,
    /// What HOC sent that can be neither asked nor told, in HOC's order.
    pub skipped: Vec<SkippedEntry>,
    /// The position, as HOC writes it (`campaignrole_title`, `job_title`, the protocol's name).
    pub role_title: Option<String>,
    /// The place of work, as HOC names it (`campaignlocation_label`, `work_location`).
    pub location: Option<String>,
    /// What HOC says of the employer's size.
    pub company_size: Option<String>,
    /// What HOC says of the employer beside the questions (`companypitch`, `knowledge_base`).
    pub company_pitch: Option<String>,
    /// What HOC says the employer values most (`companypriorities`).
    pub company_priorities: Option<String>,
}

/// An entry that cannot be used. Holds nothing of its text, which may be about a contact person.
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
    /// It is no object.
    NotAQuestion,
    /// It says nothing, or nothing that can be said. Also a question that is lost with a contact person in it, and a
    /// criterion that is internal, because somebody should mend it.
    NoText,
    /// It is a note about a contact person, who is internal to the employer.
    ContactPerson,
    /// It is a note for recruiters, or wants a judgement of the candidate, which nobody is asked for.
    Internal,
}

/// One entry of a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// HOC's id; other questions' conditions refer to it.
    pub id: String,
    /// The sentence or note.
    pub text: String,
    /// Whether `text` is a sentence to say or a note to turn into one.
    pub wording: Wording,
    /// What kind of answer is expected.
    pub kind: QuestionKind,
    /// How much the answer weighs.
    pub importance: Importance,
    /// Heading for people (`Qualifikation`, or the page's name in the pages form).
    pub group: Option<String>,
    /// Key of the category (`standardqualifikationen`, `standort`, …).
    pub category: Option<String>,
    /// Where the category stands among the others.
    pub category_order: Option<i64>,
    /// HOC's phase of the interview, 1 to 6.
    pub phase: Option<u8>,
    /// Answers to choose from.
    pub options: Vec<String>,
    /// Note for the interviewer.
    pub context: Option<String>,
    /// What to say before the question.
    pub preamble: Option<String>,
    /// Hint for following up.
    pub help_text: Option<String>,
    /// Hint on the form of the answer.
    pub input_hint: Option<String>,
    /// When the question is asked or left out.
    pub conditions: Vec<Condition>,
    /// The question's part in a must criterion.
    pub gate: Gate,
    /// How to lead through a long list of options.
    pub flow: Option<ConversationFlow>,
}

impl Question {
    /// A question with nothing but an id, a text and a kind.
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

/// How the text of a question is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// A sentence that can be said as it stands.
    Sentence,
    /// A criterion that the applicant meets or not (`Deutschkenntnisse B2`), without HOC's prefix.
    Criterion,
    /// A condition that the applicant accepts or not (`Vollzeit (39 Wochenstunden)`).
    WorkingCondition,
}

/// What kind of answer a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// Free text; also everything HOC may invent later.
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
    /// The options in the order the candidate prefers them.
    Ranking,
    /// A fact to tell; nothing is asked.
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

/// A question's part in a must criterion (`gate_config`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gate {
    /// The question is a must criterion.
    pub is_gate: bool,
    /// The question is asked where another criterion was answered with no (`is_alternative`, `can_satisfy_gate`).
    pub is_alternative: bool,
    /// The id of the question it is asked instead of, which may be no criterion. May be absent although `is_alternative`
    /// is set.
    pub alternative_for: Option<String>,
}

/// `when field op value, then action`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Id of another question, or the name of something HOC's own forms know (`has_address`).
    pub field: String,
    /// How `values` are compared.
    pub operator: Operator,
    /// What is compared with; empty for `exists`.
    pub values: Vec<ConditionValue>,
    /// What then happens to the question that carries the condition.
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

/// A value a condition compares with.
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
    /// Ask it (and else do not).
    Ask,
    /// Leave it out.
    Skip,
    /// Take the answer as known and confirm it.
    Prefill,
    /// Ask it earlier or later. Carries nothing an interviewer could act on.
    Reorder,
}

/// How to lead through a long list (`conversation_flow`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFlow {
    /// Asked first, to see whether there is a preference at all.
    pub pre_check: Option<PreCheck>,
    /// Asked openly, before any option is named.
    pub open_question: Option<String>,
    /// The options by theme, for those who have no answer of their own.
    pub clustered_options: Option<ClusteredOptions>,
}

/// A short question before the list, and where each answer leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreCheck {
    /// The question.
    pub question: String,
    /// The next step after a yes, if HOC says one.
    pub on_yes: Option<NextStep>,
    /// The next step after a no, if HOC says one.
    pub on_no: Option<NextStep>,
}

/// Where an answer to a short question leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// The open question.
    OpenQuestion,
    /// The options by theme.
    ClusteredOptions,
    /// The next question of the questionnaire.
    NextQuestion,
}

/// Options by theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusteredOptions {
    /// A sentence that offers the themes.
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
