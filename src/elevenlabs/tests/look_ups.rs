//! What is looked up before a call.

use super::*;

const PHONE_NUMBER: &str = "/v1/convai/phone-numbers/phnum_1";

#[tokio::test]
async fn a_provider_is_looked_up_once() {
    for (name, provider) in [("twilio", Provider::Twilio), ("sip_trunk", Provider::SipTrunk)] {
        let fake = Fake::answering(200, json!({"provider": name, "phone_number_id": "phnum_1"}).to_string());
        let client = client(fake.start().await);
        for _ in 0..3 {
            assert_eq!(client.provider(&number_id()).await, provider);
        }
        let seen = fake.seen.lock().expect("a lock");
        let [request] = seen.as_slice() else { panic!("{} requests", seen.len()) };
        assert_eq!((&request.method, request.path.as_str()), (&HttpMethod::GET, PHONE_NUMBER));
        assert_eq!(request.headers["xi-api-key"], "xi-secret");
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_found_out_is_twilio_and_not_remembered() {
    for (status, body) in [
        (200, r#"{"provider":"exotel"}"#),
        (200, r#"{"provider":null}"#),
        (200, "[]"),
        (200, "<html>"),
        (404, r#"{"provider":"sip_trunk"}"#),
        (500, ""),
    ] {
        let fake = Fake::answering(status, body);
        let client = client(fake.start().await);
        for _ in 0..2 {
            assert_eq!(client.provider(&number_id()).await, Provider::Twilio, "{status} {body}");
        }
        assert_eq!(fake.requests(), 2, "{status} {body}");
    }
}

#[tokio::test]
async fn a_slow_look_up_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let client = impatient_client(listener.local_addr().expect("an address"));
    assert_eq!(client.provider(&number_id()).await, Provider::Twilio);
    assert_eq!(client.allowed_overrides().await, Err(LookupError::Timeout));
}

#[tokio::test]
async fn remembered_providers_are_bounded() {
    let fake = Fake::answering(200, r#"{"provider":"sip_trunk"}"#);
    let client = client(fake.start().await);
    for n in 0..1_100 {
        client.provider(&AgentPhoneNumberId::parse(&format!("phnum_{n}")).expect("an id")).await;
    }
    assert!(client.providers.len() <= 1_000);
}

#[tokio::test]
async fn the_agent_tells_which_overrides_it_allows() {
    let record = |agent: Value| {
        json!({"platform_settings": {"overrides": {"conversation_config_override": {"agent": agent}}}})
            .to_string()
    };
    for (body, expected) in [
        (
            record(json!({"prompt": {"prompt": true}, "first_message": true, "language": true})),
            Overrides::ALL,
        ),
        (record(json!({"first_message": true})), Overrides { first_message: true, ..Overrides::NONE }),
        (record(json!({"prompt": true, "language": "yes", "first_message": null})), Overrides::NONE),
        ("{}".to_owned(), Overrides::NONE),
    ] {
        let fake = Fake::answering(200, body.clone());
        assert_eq!(client(fake.start().await).allowed_overrides().await, Ok(expected), "{body}");
        assert_eq!(fake.seen.lock().expect("a lock")[0].path, "/v1/convai/agents/agent_1");
    }
}

#[tokio::test]
async fn a_failed_look_up_of_the_agent_is_an_error() {
    for (status, body, expected) in [
        (401, "{}", LookupError::Status(401)),
        (200, "[]", LookupError::Unreadable),
        (200, "{", LookupError::Unreadable),
    ] {
        let fake = Fake::answering(status, body);
        assert_eq!(client(fake.start().await).allowed_overrides().await, Err(expected));
    }
}
