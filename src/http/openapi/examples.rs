//! Examples of requests and answers. Tests send the requests and check the form of the answers.
//!
//! They are written as text, so that people see the members in the contract's order.

use utoipa::openapi::RefOr;
use utoipa::openapi::example::ExampleBuilder;

use crate::calls::preview::Warning;
use crate::http::error::ApiError;

/// A body, and what it shows.
pub(in crate::http) struct Example {
    /// For programs.
    pub(in crate::http) name: String,
    /// For people.
    pub(in crate::http) summary: String,
    /// Indented JSON.
    pub(in crate::http) json: String,
}

impl Example {
    fn new(name: &str, summary: &str, json: impl Into<String>) -> Self {
        Self { name: name.to_owned(), summary: summary.to_owned(), json: json.into() }
    }

    /// Converts it into a named example of the specification.
    pub(super) fn entry(self) -> (String, RefOr<utoipa::openapi::example::Example>) {
        let value = serde_json::from_str(&self.json).ok();
        (self.name, ExampleBuilder::new().summary(self.summary).value(value).build().into())
    }
}

/// Example bodies that an operation accepts.
pub(in crate::http) fn of_request(operation: &str) -> Vec<Example> {
    match operation {
        "triggerCall" | "previewCall" => vec![
            Example::new("call", "Anrufen", CALL),
            Example::new("link", "Einen Link erzeugen", LINK),
            Example::new("tolerated", "So darf HOC es auch schreiben", TOLERATED),
        ],
        _ => Vec::new(),
    }
}

/// Example bodies of an operation's successful answers.
pub(in crate::http) fn of_success(operation: &str) -> Vec<Example> {
    match operation {
        "triggerCall" => {
            vec![Example::new("called", "Angerufen", CALLED), Example::new("linked", "Ein Link", LINKED)]
        }
        "previewCall" => {
            let preview = PREVIEW.replace("<entries_dropped>", &Warning::EntriesDropped(1).to_string());
            vec![Example::new("call", "Vorschau eines Anrufs", preview)]
        }
        "health" => vec![Example::new("healthy", "Der Dienst läuft", HEALTHY)],
        "ready" => vec![Example::new("ready", "Bereit", READY)],
        _ => Vec::new(),
    }
}

/// The example body of an error.
pub(in crate::http) fn of_error(error: &ApiError) -> Example {
    let name = error.error().to_lowercase().replace(' ', "_");
    Example::new(&name, error.error(), serde_json::to_string_pretty(&error.envelope()).unwrap_or_default())
}

const CALL: &str = r#"{
  "campaign_id": 123,
  "company_name": "Tech Startup GmbH",
  "candidate_first_name": "Max",
  "candidate_last_name": "Mustermann",
  "to_number": "+493023125001",
  "agent_phone_number_id": "phnum_xxx",
  "applicant_id": 4711
}"#;

const LINK: &str = r#"{
  "campaign_id": 123,
  "company_name": "Tech Startup GmbH",
  "candidate_first_name": "Max",
  "candidate_last_name": "Mustermann"
}"#;

const TOLERATED: &str = r#"{
  "campaign_id": "123",
  "company_name": "Tech Startup GmbH",
  "candidate_first_name": "Max",
  "candidate_last_name": "Mustermann",
  "to_number": "+49 (0)30 23125-001",
  "agent_phone_number_id": "phnum_xxx",
  "applicant_id": "A-4711"
}"#;

const CALLED: &str = r#"{
  "status": "success",
  "message": "Outbound call initiated successfully",
  "data": {
    "campaign_id": 123,
    "candidate": "Max Mustermann",
    "company": "Tech Startup GmbH",
    "to_number": "+493023125001",
    "conversation_id": "conv_abc123",
    "call_status": "initiated",
    "questionnaire_loaded": true,
    "questionnaire_age_seconds": 0,
    "timestamp": "2025-11-25T11:20:05.169839",
    "prompt_length": 5432,
    "first_message": "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH..."
  }
}"#;

const LINKED: &str = r#"{
  "status": "success",
  "message": "Conversation link created successfully",
  "data": {
    "campaign_id": 123,
    "candidate": "Max Mustermann",
    "company": "Tech Startup GmbH",
    "conversation_link": "https://webhook.example.com/talk/AWflUEQQsUJvkke7aA5f4MhFz0yT",
    "link_expires_at": "2025-12-02T11:20:05.169839",
    "questionnaire_loaded": true,
    "questionnaire_age_seconds": 0,
    "timestamp": "2025-11-25T11:20:05.169839",
    "prompt_length": 5432,
    "first_message": "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH..."
  }
}"#;

const PREVIEW: &str = r##"{
  "status": "success",
  "message": "Preview of a call: nobody was called and nothing was stored",
  "data": {
    "mode": "call",
    "campaign_id": 123,
    "candidate": "Max Mustermann",
    "company": "Tech Startup GmbH",
    "to_number": "+493023125001",
    "number": { "country": "DE", "type": "fixed_line" },
    "dialling": {
      "agent_phone_number_id": "phnum_xxx",
      "provider": "twilio",
      "endpoint": "/v1/convai/twilio/outbound-call"
    },
    "questionnaire_loaded": true,
    "questionnaire_age_seconds": 0,
    "questionnaire": {
      "loaded": true,
      "age_seconds": 0,
      "questions": 12,
      "facts": 3,
      "dropped": [{ "id": "4711", "reason": "no_text" }]
    },
    "overrides": { "prompt": true, "first_message": true, "language": true },
    "prompt_length": 5432,
    "prompt": "# Wer du bist …",
    "first_message": "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH...",
    "variables": { "companyname": "Tech Startup GmbH", "questions": "1. …" },
    "warnings": [{
      "code": "entries_dropped",
      "message": "<entries_dropped>"
    }]
  }
}"##;

const HEALTHY: &str = r#"{
  "status": "healthy",
  "service": "Sellcruiting Agent Webhook",
  "agent_id": "agent_xxx",
  "hirings_api_url": "https://high-office.hirings.cloud/api/v1",
  "timestamp": "2025-11-25T11:20:05.169839"
}"#;

const READY: &str = r#"{
  "status": "ready"
}"#;
