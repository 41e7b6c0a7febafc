//! Numbers as people write them are called; numbers that must not be called never are.

use serde_json::json;

use crate::support::{CALLED, Setup, TestApp, call, with};

#[tokio::test]
async fn every_spelling_of_a_number_calls_the_same_one() {
    for spelling in [
        "030 23125001",
        "+49 (0)30 23125-001",
        "0049 30 23125001",
        "030/23125-001",
        "(030) 23125001",
        " +49\u{A0}30 23125001\n",
        "49 30 23125001",
        "tel:+49-30-23125001",
    ] {
        let app = TestApp::start().await;
        let data = app.trigger(&with(call(), json!({ "to_number": spelling }))).await.assert_success();
        assert_eq!(data["to_number"], CALLED, "{spelling:?}");
        assert_eq!(app.only_dial().body["to_number"], CALLED, "{spelling:?}");
        assert_eq!(app.variable("to_number"), CALLED, "{spelling:?}");
    }
}

#[tokio::test]
async fn the_document_s_own_sample_number_is_called() {
    let app = TestApp::start().await;
    let trigger = with(call(), json!({ "to_number": "+491234567890" }));
    assert_eq!(app.trigger(&trigger).await.assert_success()["to_number"], "+491234567890");
}

#[tokio::test]
async fn emergency_premium_rate_and_impossible_numbers_are_never_called() {
    let app = TestApp::start().await;
    for bad in [
        // Emergency and short numbers.
        "110",
        "112",
        "+49110",
        "+49 112",
        "0049 110",
        "115",
        "911",
        "116117",
        "+49 116117",
        "22833",
        // Premium rate, shared cost, mass traffic.
        "0900 1234567",
        "+49 900 1 234567",
        "0180 5 123456",
        "01805123456",
        "0137 7 123456",
        "11833",
        // Not numbers, or not complete ones.
        "123",
        "23125001",
        "+49",
        "+",
        "0",
        "00",
        "anonym",
        "unbekannt",
        "max@example.org",
        "+49 30 2312500112345678",
        "+999 123456789",
        "+030 23125001",
        // Two numbers, or an extension: one of the readings would ring a stranger.
        "030 23125001 oder 030 23125002",
        "030 23125001 App. 5",
        "030 23125001,5",
        "0800-PFLEGE",
    ] {
        let reply = app.trigger(&with(call(), json!({ "to_number": bad }))).await;
        assert_eq!(reply.status, 400, "{bad:?}: {reply:?}");
        reply.assert_invalid(&["to_number"]);
    }
    app.assert_nothing_asked();
}

/// The example of this country's fixed-line numbers in libphonenumber's data, without its calling code: as far as its
/// authors know, no subscriber's.
fn example(country: &str) -> &'static str {
    let country = phonenumber::metadata::DATABASE.by_id(country).unwrap();
    country.descriptors().fixed_line().unwrap().example().unwrap()
}

#[tokio::test]
async fn only_the_countries_of_the_operator_are_called() {
    let app = Setup::new().await.set("TO_NUMBER_COUNTRIES", "DE, at").start().await;
    let swiss = format!("+41{}", example("CH"));
    // The others are reserved for fiction: NANP 555-01xx, Ofcom's 020 7946 0xxx.
    for bad in [swiss.as_str(), "+12015550123", "+442079460123"] {
        let reply = app.trigger(&with(call(), json!({ "to_number": bad }))).await;
        reply.assert_invalid(&["to_number"]);
    }
    app.assert_nothing_asked();
    for good in ["030 23125001", &format!("+43 {}", example("AT"))] {
        app.trigger(&with(call(), json!({ "to_number": good }))).await.assert_success();
    }
}

#[tokio::test]
async fn without_a_limit_other_countries_are_called() {
    let app = TestApp::start().await;
    let national = example("AT");
    let data = app.trigger(&with(call(), json!({ "to_number": format!("+43 (0){national}") }))).await;
    assert_eq!(data.assert_success()["to_number"], format!("+43{national}"));
}
