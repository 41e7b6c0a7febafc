//! What becomes of an answer to a call.

use super::*;

#[tokio::test]
async fn success_with_an_id_is_placed() {
    let placed = DialOutcome::Placed { conversation_id: conversation("conv_1") };
    for status in [200, 201] {
        assert_eq!(Fake::answering(status, PLACED).dial().await.outcome, placed);
    }
    for odd in [
        format!("\u{FEFF}{PLACED}"),
        PLACED.replace("conv_1", " conv_1 "),
        PLACED.replace("conv_1", "conv_1\\n"),
    ] {
        assert_eq!(Fake::answering(200, odd.clone()).dial().await.outcome, placed, "{odd}");
    }
}

#[tokio::test]
async fn success_false_is_refused_and_keeps_the_conversation() {
    for (body, id) in [
        (r#"{"success":false,"message":"INVITE failed","conversation_id":"conv_2"}"#, Some("conv_2")),
        (r#"{"success":false,"message":"conv_3","conversation_id":null}"#, None),
        (r#"{"success":false}"#, None),
    ] {
        let refusal = Refusal::ProviderFailed { conversation_id: id.map(conversation) };
        assert_eq!(Fake::answering(200, body).dial().await.outcome, DialOutcome::Refused(refusal), "{body}");
    }
}

#[tokio::test]
async fn success_without_an_id_is_unknown() {
    for body in [
        r#"{"success":true}"#,
        r#"{"success":true,"conversation_id":null}"#,
        r#"{"success":true,"conversation_id":""}"#,
        r#"{"success":true,"conversation_id":7}"#,
        r#"{"success":true,"conversation_id":"two words"}"#,
    ] {
        let unknown = DialOutcome::Unknown(UnknownCause::NoConversationId);
        assert_eq!(Fake::answering(200, body).dial().await.outcome, unknown, "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_answer_is_unknown() {
    let oversized =
        format!(r#"{{"success":true,"conversation_id":"conv_1","x":"{}"}}"#, "x".repeat(MAX_ANSWER_BYTES));
    for body in [
        "",
        "<html>ok</html>",
        "[]",
        "null",
        r#"{"success":true,"conversation_id":"conv_1""#,
        r#"{"conversation_id":"conv_1"}"#,
        r#"{"success":"true","conversation_id":"conv_1"}"#,
        r#"{"success":null,"conversation_id":"conv_1"}"#,
        &oversized,
    ] {
        let outcome = Fake::answering(200, body.to_owned()).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::UnreadableAnswer), "{body:.40}");
    }
}

#[tokio::test]
async fn too_many_requests_is_busy() {
    for (header, seconds) in [
        (None, None),
        (Some("17"), Some(17)),
        (Some("0"), Some(1)),
        (Some("86400"), Some(300)),
        (Some("-1"), None),
        (Some("Wed, 21 Oct 2026 07:28:20 GMT"), Some(20)),
    ] {
        let mut fake = Fake::answering(429, r#"{"detail":{"code":"concurrent_limit_exceeded"}}"#)
            .with_header("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        if let Some(value) = header {
            fake = fake.with_header("retry-after", value);
        }
        let busy = DialOutcome::Busy { retry_after: seconds.map(Duration::from_secs) };
        assert_eq!(fake.dial().await.outcome, busy, "{header:?}");
    }
}

#[tokio::test]
async fn a_word_for_busy_lines_is_busy_whatever_the_status() {
    let answer = |status, detail: Value| {
        Fake::answering(status, json!({ "detail": detail }).to_string()).with_header("retry-after", "7")
    };
    for (status, detail) in [
        (400, json!({"status": "too_many_concurrent_requests", "message": "secret text"})),
        (402, json!({"status": "too_many_concurrent_requests"})),
        (403, json!({"code": "rate_limit_exceeded"})),
        (403, json!({"type": "authorization_error", "code": "concurrent_limit_exceeded"})),
        (409, json!({"status": "system_busy"})),
    ] {
        let busy = DialOutcome::Busy { retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(answer(status, detail.clone()).dial().await.outcome, busy, "{status} {detail}");
    }
    for (status, detail, refusal) in [
        // A limit of the plan, which does not pass by waiting.
        (401, json!({"status": "quota_exceeded", "code": "rate_limit_exceeded"}), Refusal::OutOfCredits),
        (402, json!({"code": "rate_limit_exceeded"}), Refusal::OutOfCredits),
        (403, json!({"status": "missing_permissions", "code": "system_busy"}), Refusal::MissingPermission),
        (403, json!({"code": "limit_exceeded"}), Refusal::AccessDenied),
        (400, json!("too_many_concurrent_requests"), Refusal::InvalidRequest),
        (400, json!({"message": "system_busy"}), Refusal::InvalidRequest),
    ] {
        let outcome = answer(status, detail.clone()).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Refused(refusal), "{status} {detail}");
    }
    for status in [408, 500, 503] {
        let outcome = answer(status, json!({"status": "system_busy"})).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Status(status)));
    }
}

#[tokio::test]
async fn a_server_that_lost_its_way_is_unknown() {
    // 303: it was done, and its outcome is elsewhere.
    for status in [300, 303, 304, 408, 500, 502, 503, 504, 599] {
        let outcome = Fake::answering(status, PLACED).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Status(status)));
    }
}

#[tokio::test]
async fn a_redirect_is_refused_and_not_followed() {
    for status in [301, 302, 307, 308] {
        let elsewhere = Fake::answering(200, PLACED).with_header("location", "/elsewhere");
        let fake = Fake { status, ..elsewhere };
        assert_eq!(fake.dial().await.outcome, DialOutcome::Refused(Refusal::OtherStatus(status)));
    }
}

#[tokio::test]
async fn every_refusal_has_its_reason() {
    let detail =
        |member: &str, word: &str| json!({"detail": {member: word, "message": "secret text"}}).to_string();
    for (status, body, refusal) in [
        (401, detail("status", "invalid_api_key"), Refusal::InvalidApiKey),
        (401, detail("code", "unauthorized"), Refusal::InvalidApiKey),
        (401, detail("status", "needs_authorization"), Refusal::NeedsAuthorization),
        (401, detail("status", "missing_permissions"), Refusal::MissingPermission),
        (401, detail("status", "quota_exceeded"), Refusal::OutOfCredits),
        (401, detail("status", "payment_required"), Refusal::OutOfCredits),
        (401, r#"{"detail":"Unauthorized"}"#.to_owned(), Refusal::InvalidApiKey),
        (402, String::new(), Refusal::OutOfCredits),
        (402, detail("code", "insufficient_credits"), Refusal::OutOfCredits),
        (403, detail("code", "subscription_required"), Refusal::AccessDenied),
        (403, "<html>".to_owned(), Refusal::AccessDenied),
        (404, detail("code", "agent_not_found"), Refusal::AgentNotFound),
        (404, detail("status", "phone_number_not_found"), Refusal::PhoneNumberNotFound),
        (404, detail("status", "document_not_found"), Refusal::NotFound),
        (404, r#"{"detail":"Not Found"}"#.to_owned(), Refusal::NotFound),
        (400, detail("code", "invalid_parameters"), Refusal::InvalidRequest),
        (
            422,
            r#"{"detail":[{"loc":["body"],"msg":"m","type":"missing"}]}"#.to_owned(),
            Refusal::InvalidRequest,
        ),
        (409, detail("type", "conflict"), Refusal::OtherStatus(409)),
        (418, "x".repeat(MAX_ANSWER_BYTES + 1), Refusal::OtherStatus(418)),
    ] {
        let outcome = Fake::answering(status, body.clone()).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Refused(refusal), "{status} {body:.60}");
    }
}

#[tokio::test]
async fn the_id_of_the_request_is_kept_for_the_log() {
    let fake =
        Fake::answering(200, PLACED).with_header("request-id", " req 1\u{e4}").with_header("x-trace-id", "t");
    assert_eq!(fake.dial().await.upstream_request_id.as_deref(), Some("req1"));
    let fake = Fake::answering(500, "").with_header("x-trace-id", "trace-1");
    assert_eq!(fake.dial().await.upstream_request_id.as_deref(), Some("trace-1"));
    let long = Box::leak("r".repeat(500).into_boxed_str());
    let fake = Fake::answering(200, PLACED).with_header("request-id", long);
    assert_eq!(fake.dial().await.upstream_request_id.map(|id| id.len()), Some(100));
    assert_eq!(Fake::answering(200, PLACED).dial().await.upstream_request_id, None);
}

#[test]
fn every_refusal_has_a_word_of_its_own_and_a_sentence_of_advice() {
    let refusals = [
        Refusal::InvalidApiKey,
        Refusal::NeedsAuthorization,
        Refusal::MissingPermission,
        Refusal::OutOfCredits,
        Refusal::AccessDenied,
        Refusal::AgentNotFound,
        Refusal::PhoneNumberNotFound,
        Refusal::NotFound,
        Refusal::InvalidRequest,
        Refusal::ProviderFailed { conversation_id: None },
        Refusal::Unreachable,
        Refusal::OtherStatus(409),
    ];
    let words: std::collections::BTreeSet<_> = refusals.iter().map(Refusal::code).collect();
    assert_eq!(words.len(), refusals.len());
    for refusal in &refusals {
        assert!(refusal.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{refusal:?}");
        assert!(
            refusal.advice().ends_with('.') && refusal.advice().contains("heck")
                || refusal.advice().contains("Give")
        );
    }
    assert!(Refusal::InvalidApiKey.advice().contains("ELEVENLABS_API_URL"));
}
