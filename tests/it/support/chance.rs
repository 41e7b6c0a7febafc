//! Moments and choices that no test can foresee, and that can still be repeated: `CHANCE_SEED` brings them back.

use std::sync::LazyLock;
use std::time::Duration;

use uuid::Uuid;

/// The seed of this run. Whoever draws from it says so on standard error, which is shown if the test fails.
static SEED: LazyLock<u64> = LazyLock::new(|| given().unwrap_or_else(|| Uuid::new_v4().as_u64_pair().1));

#[expect(clippy::disallowed_methods, reason = "it is no setting of the service")]
fn given() -> Option<u64> {
    let seed = std::env::var("CHANCE_SEED").ok()?;
    Some(seed.parse().expect("CHANCE_SEED is a number"))
}

/// A sequence of random numbers. Tasks have one each, so that none depends on which of them is faster.
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The sequence with which a test begins: the same for each test of a run.
    #[expect(clippy::print_stderr, reason = "the test's own output")]
    pub(crate) fn of_this_run() -> Self {
        eprintln!("CHANCE_SEED={} brings about the same moments and choices", *SEED);
        Self(*SEED)
    }

    /// Another sequence, which this one determines.
    pub(crate) fn for_another(&mut self) -> Self {
        Self(self.next())
    }

    /// A random number below this one.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// A random time of less than this many milliseconds.
    pub(crate) fn millis_below(&mut self, limit: usize) -> Duration {
        Duration::from_millis(u64::try_from(self.below(limit)).unwrap())
    }

    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[test]
fn a_seed_brings_back_the_same_and_another_brings_something_else() {
    let draw = |seed| {
        let mut chance = Chance(seed);
        let mut another = chance.for_another();
        (0..20).map(|_| (chance.below(1_000), another.below(1_000))).collect::<Vec<_>>()
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
    assert!(draw(7).iter().any(|(one, another)| one != another));
}
