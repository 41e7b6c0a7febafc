//! What is sent to start a call.

use super::*;

#[tokio::test]
async fn a_call_is_asked_for_with_the_key_and_the_whole_body() {
    for (provider, path) in [
        (Provider::Twilio, "/v1/convai/twilio/outbound-call"),
        (Provider::SipTrunk, "/v1/convai/sip-trunk/outbound-call"),
    ] {
        let fake = Fake::answering(200, PLACED);
        dial_through(&client(fake.start().await), provider).await;
        let seen = fake.seen.lock().expect("a lock");
        let [request] = seen.as_slice() else { panic!("{} requests", seen.len()) };
        assert_eq!((&request.method, request.path.as_str()), (&HttpMethod::POST, path));
        assert_eq!(request.headers["xi-api-key"], "xi-secret");
        assert_eq!(request.headers["content-type"], "application/json");
        assert!(request.headers.contains_key("content-length"), "sent with its length, not in chunks");
        assert_eq!(
            request.body,
            json!({
                "agent_id": "agent_1",
                "agent_phone_number_id": "phnum_1",
                "to_number": "+493023125001",
                "conversation_initiation_client_data": {
                    "conversation_config_override": {
                        "agent": {
                            "prompt": {"prompt": "Du bist Susi."},
                            "first_message": "Guten Tag Erika Beispiel",
                            "language": "de",
                        }
                    },
                    "user_id": "67e55044-10b1-426f-9247-bb680e5fe0c8",
                    "dynamic_variables": {"companyname": "Beispiel GmbH", "companypitch": ""},
                }
            })
        );
    }
}

#[tokio::test]
async fn overrides_that_are_switched_off_are_left_out() {
    for (overrides, expected) in [
        ("none", None),
        ("prompt", Some(json!({"agent": {"prompt": {"prompt": "Du bist Susi."}}}))),
        ("first_message", Some(json!({"agent": {"first_message": "Guten Tag Erika Beispiel"}}))),
        ("language", Some(json!({"agent": {"language": "de"}}))),
    ] {
        let fake = Fake::answering(200, PLACED);
        dial(&client_of(&config(&format!("http://{}", fake.start().await), overrides))).await;
        let seen = fake.seen.lock().expect("a lock");
        let data = &seen[0].body["conversation_initiation_client_data"];
        assert_eq!(data.get("conversation_config_override"), expected.as_ref(), "{overrides}");
    }
}
