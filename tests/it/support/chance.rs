//! Random moments and choices, which no test can foresee.

use std::time::Duration;

use uuid::Uuid;

/// A random number below this one.
pub(crate) fn random(below: usize) -> usize {
    usize::try_from(Uuid::new_v4().as_u128() % u128::try_from(below).unwrap()).unwrap()
}

/// A random time of less than this many milliseconds.
pub(crate) fn random_millis(below: usize) -> Duration {
    Duration::from_millis(u64::try_from(random(below)).unwrap())
}
