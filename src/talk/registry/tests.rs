use uuid::Uuid;

use super::*;

fn registry(most: usize) -> Arc<Registry> {
    Arc::new(Registry::new(most, TalkLimits::default()))
}

fn some_link() -> CallId {
    CallId::from_uuid(Uuid::new_v4())
}

fn tab(id: &str) -> TabId {
    TabId::parse(id).unwrap()
}

#[tokio::test]
async fn a_link_has_one_talk_at_a_time() {
    let registry = registry(10);
    let (link, other) = (some_link(), some_link());
    let seat = registry.take_seat(&link, &tab("a")).unwrap();
    assert!(matches!(registry.take_seat(&link, &tab("b")), Err(SeatRefusal::InProgress(_))));
    assert!(matches!(registry.could_take_seat(&link, &tab("b")), Err(SeatRefusal::InProgress(_))));
    assert_eq!(registry.could_take_seat(&link, &tab("a")), Ok(()));
    registry.take_seat(&other, &tab("b")).unwrap();
    drop(seat);
    registry.take_seat(&link, &tab("b")).unwrap();
}

#[tokio::test]
async fn whoever_takes_over_waits_until_the_older_talk_is_over_and_keeps_its_place() {
    let registry = registry(1);
    let link = some_link();
    let old = registry.take_seat(&link, &tab("a")).unwrap();
    let new = registry.take_seat(&link, &tab("a")).unwrap();
    old.taken_over().await;
    let waiting = tokio::spawn(async move {
        new.predecessor_over().await;
        new
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    // The older talk frees no place: it belongs to the newer one.
    drop(old);
    let new = waiting.await.unwrap();
    assert!(matches!(registry.take_seat(&some_link(), &tab("a")), Err(SeatRefusal::TooMany(_))));
    assert!(matches!(registry.take_seat(&link, &tab("b")), Err(SeatRefusal::InProgress(_))));
    drop(new);
    assert_eq!(registry.live(), 0);
    registry.take_seat(&some_link(), &tab("a")).unwrap();
}

#[tokio::test]
async fn a_first_talk_waits_for_nobody() {
    let seat = registry(1).take_seat(&some_link(), &tab("a")).unwrap();
    seat.predecessor_over().await;
}

#[tokio::test]
async fn a_task_that_panics_gives_its_place_back() {
    let registry = registry(1);
    let seat = registry.take_seat(&some_link(), &tab("a")).unwrap();
    let failed = tokio::spawn(async move {
        let _seat = seat;
        panic!("as a bug would");
    });
    assert!(failed.await.unwrap_err().is_panic());
    registry.take_seat(&some_link(), &tab("a")).unwrap();
}

#[tokio::test]
async fn after_the_close_nobody_begins_and_the_last_one_out_is_waited_for() {
    let registry = registry(10);
    let link = some_link();
    let seat = registry.take_seat(&link, &tab("a")).unwrap();
    registry.close();
    assert!(matches!(registry.take_seat(&link, &tab("a")), Err(SeatRefusal::Stopping(_))));
    assert!(matches!(registry.could_take_seat(&some_link(), &tab("a")), Err(SeatRefusal::Stopping(_))));
    let waiting = tokio::spawn({
        let registry = Arc::clone(&registry);
        async move { registry.wait().await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    drop(seat);
    waiting.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn starts_come_back_with_time_and_quiet_links_are_forgotten() {
    let registry = registry(10);
    let limits = TalkLimits::default();
    let link = some_link();
    for _ in 0..limits.starts {
        registry.take_seat(&link, &tab("a")).unwrap();
    }
    let Err(SeatRefusal::TooManyStarts(wait)) = registry.take_seat(&link, &tab("a")) else {
        panic!("one too many")
    };
    assert_eq!(wait, limits.start_pause);
    tokio::time::advance(wait).await;
    registry.take_seat(&link, &tab("a")).unwrap();
    tokio::time::advance(limits.start_pause * (limits.starts + 1)).await;
    for _ in 0..MANY_LINKS {
        registry.take_seat(&some_link(), &tab("a")).unwrap();
    }
    assert!(!registry.state().starts.contains_key(&link));
}

#[test]
fn an_id_of_a_page_is_a_short_word() {
    for id in ["a", "1234-567_X", &"x".repeat(TabId::MAX_CHARS)] {
        assert!(TabId::parse(id).is_some(), "{id}");
    }
    for id in ["", " ", "a b", "ä", "<i>", &"x".repeat(TabId::MAX_CHARS + 1)] {
        assert!(TabId::parse(id).is_none(), "{id}");
    }
}
