use super::*;

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let sandbox = sandbox().await;
    let url = format!("{}/v1/convai/conversations?a=1&b=%C3%BC+x&a=2", sandbox.elevenlabs.base_url());
    client().get(url).header("xi-api-key", "kept").send().await.unwrap();
    dial(&sandbox, &call()).send().await.unwrap();

    let requests = sandbox.elevenlabs.requests();
    assert_eq!(requests.len(), 2);
    let listing = &requests[0];
    assert_eq!((listing.method.as_str(), listing.path.as_str()), ("GET", "/v1/convai/conversations"));
    assert_eq!(listing.query_values("a"), ["1", "2"]);
    assert_eq!(listing.query_value("b"), Some("ü x"));
    assert_eq!(listing.header("xi-api-key"), Some("kept"));
    assert_eq!((listing.query_value("c"), listing.header("x-other")), (None, None));
    assert!(listing.body.is_null());
    assert_eq!(requests[1].body, call());
    assert_eq!(requests[1].raw_body, call().to_string());
    assert_eq!(sandbox.elevenlabs.dials(), requests[1..], "only what asked for a call is a dial");
}

#[tokio::test]
async fn a_request_that_nobody_expects_is_recorded_and_not_found() {
    let sandbox = sandbox().await;
    let url = sandbox.hoc.base_url().replace("/api/v1", "/elsewhere");
    assert_eq!(answer(client().post(url).body("text")).await.0, 404);
    let requests = sandbox.hoc.requests();
    assert_eq!((requests[0].path.as_str(), requests[0].raw_body.as_ref()), ("/elsewhere", &b"text"[..]));

    assert_eq!(
        answer(get(&sandbox, "/v1/user")).await,
        (StatusCode::NOT_FOUND, json!({ "detail": "Not Found" }))
    );
    let delete = client().delete(format!("{}/v1/user", sandbox.elevenlabs.base_url()));
    assert_eq!(answer(delete).await.0, 401);
    let paths: Vec<_> = sandbox.elevenlabs.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/v1/user", "/v1/user"]);
}

#[tokio::test]
async fn a_request_that_hangs_is_recorded_at_once() {
    let sandbox = sandbox().await;
    let hanging = tokio::spawn(questionnaire(&sandbox, 503).send());
    assert_eq!(sandbox.hoc.wait_for_requests(1).await[0].path, "/api/v1/questionnaire/503");
    assert!(!hanging.is_finished());
    hanging.abort();
}

#[tokio::test]
async fn waiting_ends_with_the_last_of_the_dials() {
    let sandbox = sandbox().await;
    let waiting = async { sandbox.elevenlabs.wait_for_dials(2).await.len() };
    let dialling = async {
        dial(&sandbox, &call()).send().await.unwrap();
        dial(&sandbox, &json!({})).send().await.unwrap();
    };
    let (count, ()) = tokio::join!(waiting, dialling);
    assert_eq!(count, 2, "a refused dial counts too");
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "waited in vain for 1 requests")]
async fn waiting_for_what_never_comes_fails_the_test() {
    sandbox().await.elevenlabs.wait_for_dials(1).await;
}

#[tokio::test]
async fn dropping_the_sandbox_ends_its_servers_and_their_connections() {
    let sandbox = sandbox().await;
    let again = questionnaire(&sandbox, 200);
    let hanging = tokio::spawn(questionnaire(&sandbox, 503).send());
    sandbox.hoc.wait_for_requests(1).await;
    drop(sandbox);
    let ended = tokio::time::timeout(Duration::from_secs(10), hanging).await;
    assert!(ended.expect("the open connection is still there").unwrap().is_err());
    assert!(again.send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn sandboxes_do_not_disturb_each_other() {
    let (one, other) = (sandbox().await, sandbox().await);
    one.elevenlabs.always_dial(DialFault::NotPlaced(Fault::Close));
    assert_eq!(answer(dial(&other, &call())).await.0, 200);
    assert!(one.elevenlabs.requests().is_empty());
}

#[tokio::test]
async fn the_real_clock_dates_conversations_in_this_century() {
    let sandbox = Sandbox::start().await.unwrap();
    answer(dial(&sandbox, &call())).await;
    assert!(sandbox.elevenlabs.conversations()[0].start_time_unix_secs > NOW - 365 * 24 * 3600);
}
