//! The campaigns of the sandbox. Each demonstrates one questionnaire or one trouble.

/// What a campaign demonstrates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// A kind of questionnaire.
    Questionnaire,
    /// Trouble at HOC. The call is made all the same.
    HocTrouble,
    /// Trouble at ElevenLabs when a call is placed. A link is not affected.
    ElevenLabsTrouble,
    /// Trouble at ElevenLabs when a candidate talks in the browser. A call is not affected.
    TalkTrouble,
}

/// A built-in campaign of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Campaign {
    /// The `campaign_id` to put into the trigger.
    pub id: u64,
    /// What it demonstrates.
    pub section: Section,
    /// What happens, in one English sentence.
    pub what: &'static str,
    /// The HTTP status that the service should answer to a trigger for a call.
    pub expected_status: u16,
    /// Whether the service gets a questionnaire with questions.
    pub questionnaire_loaded: bool,
}

/// All campaigns. Any other id is unknown to HOC, just as 404 is.
pub const CAMPAIGNS: &[Campaign] = &[
    questionnaire(
        100,
        "A hospital looks for nurses: a long questionnaire with must criteria, an alternative and conditions.",
        true,
    ),
    questionnaire(
        200,
        "A day-care centre looks for an educator: a short questionnaire with many empty members.",
        true,
    ),
    questionnaire(
        300,
        "An electrical company looks for a project lead: the older form with pages and notes.",
        true,
    ),
    questionnaire(400, "HOC knows the campaign, but its questionnaire is empty.", false),
    questionnaire(404, "HOC does not know the campaign.", false),
    hoc(500, "HOC answers 500.", false),
    hoc(501, "HOC answers 200 with a login page.", false),
    hoc(502, "HOC answers with JSON that breaks off.", false),
    hoc(503, "HOC never answers.", false),
    hoc(504, "HOC answers 403: the token has no right to the campaign.", false),
    hoc(505, "HOC sends a good questionnaire as text/plain.", true),
    hoc(506, "HOC answers 500 to every first try and well to the second.", true),
    hoc(507, "HOC sends a questionnaire of more than 2 MiB.", false),
    hoc(508, "HOC redirects to another address.", false),
    hoc(509, "HOC closes the connection without an answer.", false),
    elevenlabs(429, "ElevenLabs has no free line and answers 429.", 429),
    elevenlabs(401, "ElevenLabs does not accept the key.", 502),
    elevenlabs(402, "ElevenLabs refuses because the credits are used up.", 502),
    elevenlabs(422, "ElevenLabs refuses the request as malformed.", 502),
    elevenlabs(600, "ElevenLabs answers 200 with success:false: Twilio refused the number.", 502),
    elevenlabs(
        601,
        "ElevenLabs answers 200 with success:false and a conversation that failed: the SIP trunk refused.",
        502,
    ),
    elevenlabs(602, "ElevenLabs places the call and then answers 500; the call is found in its list.", 200),
    elevenlabs(
        603,
        "ElevenLabs places the call and closes the connection; the call is found in its list.",
        200,
    ),
    elevenlabs(
        604,
        "ElevenLabs answers 503 and has not placed the call: unknown for two minutes, then free to dial again.",
        504,
    ),
    elevenlabs(
        605,
        "ElevenLabs places the call and answers with half a JSON; the call is found in its list.",
        200,
    ),
    elevenlabs(
        606,
        "ElevenLabs reports success but names no conversation; the call is found in its list.",
        200,
    ),
    elevenlabs(607, "ElevenLabs places the call and never answers; the call is found in its list.", 200),
    elevenlabs(608, "ElevenLabs places the call and answers after three seconds.", 200),
    talk(700, "ElevenLabs has no free line for the talk."),
    talk(701, "The agent says goodbye at once and hangs up."),
    talk(702, "The connection to the agent is lost after four seconds."),
    talk(703, "The agent's settings do not allow the prompt to be replaced."),
    talk(704, "The agent never begins."),
];

const fn questionnaire(id: u64, what: &'static str, questionnaire_loaded: bool) -> Campaign {
    Campaign { id, section: Section::Questionnaire, what, expected_status: 200, questionnaire_loaded }
}

const fn hoc(id: u64, what: &'static str, questionnaire_loaded: bool) -> Campaign {
    Campaign { id, section: Section::HocTrouble, what, expected_status: 200, questionnaire_loaded }
}

const fn elevenlabs(id: u64, what: &'static str, expected_status: u16) -> Campaign {
    Campaign { id, section: Section::ElevenLabsTrouble, what, expected_status, questionnaire_loaded: true }
}

const fn talk(id: u64, what: &'static str) -> Campaign {
    Campaign { id, section: Section::TalkTrouble, what, expected_status: 200, questionnaire_loaded: true }
}
