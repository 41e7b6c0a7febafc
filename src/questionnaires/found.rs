//! The result of asking for a questionnaire: the questionnaire and its source, or why there is none.

use std::sync::Arc;

use chrono::TimeDelta;
use thiserror::Error;

use super::cache::Kept;
use crate::domain::Questionnaire;
use crate::hoc::HocError;

/// A questionnaire and where it came from. Shared, so clones are cheap.
#[derive(Debug, Clone)]
pub struct Found {
    /// The questionnaire.
    pub questionnaire: Arc<Questionnaire>,
    /// Where it came from.
    pub source: Source,
    /// How long ago HOC was asked for it, in whole seconds. 0 for [`Source::Loaded`].
    pub age_seconds: u32,
}

/// Where a questionnaire came from.
#[derive(Debug, Clone)]
pub enum Source {
    /// HOC sent it just now.
    Loaded,
    /// It was in the cache, and fresh.
    Cached,
    /// It was in the cache but no longer fresh, and this is why there is no newer one.
    Stale(Missing),
}

impl Source {
    /// A short, stable word for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Cached => "cached",
            Self::Stale(_) => "stale",
        }
    }
}

/// Why there is no questionnaire, or no newer one.
#[derive(Debug, Clone, Error)]
pub enum Missing {
    /// HOC was asked, but failed or has none.
    #[error(transparent)]
    Hoc(Arc<HocError>),
    /// HOC was not asked, because it had failed again and again.
    #[error("HOC failed again and again and is left alone for some seconds")]
    CircuitOpen,
    /// A bug ended the request to HOC.
    #[error("the request to HOC was broken off by a fault of this service")]
    Interrupted,
}

impl From<HocError> for Missing {
    fn from(error: HocError) -> Self {
        Self::Hoc(Arc::new(error))
    }
}

impl Missing {
    /// A short, stable name for logs and metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hoc(error) => error.code(),
            Self::CircuitOpen => "circuit_open",
            Self::Interrupted => "interrupted",
        }
    }

    /// HOC's HTTP status, where [`Self::code`] does not imply it.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.hoc().and_then(HocError::status)
    }

    /// Why HOC gave none, if it was asked.
    #[must_use]
    pub fn hoc(&self) -> Option<&HocError> {
        match self {
            Self::Hoc(error) => Some(error),
            Self::CircuitOpen | Self::Interrupted => None,
        }
    }
}

impl Found {
    /// A questionnaire that has just come from HOC, or from wherever else the caller got it.
    #[must_use]
    pub fn loaded(questionnaire: Arc<Questionnaire>) -> Self {
        Self { questionnaire, source: Source::Loaded, age_seconds: 0 }
    }

    pub(super) fn kept(kept: &Kept, source: Source, age: TimeDelta) -> Self {
        // Negative if the clock was set back.
        let age_seconds = u32::try_from(age.num_seconds()).unwrap_or(0);
        Self { questionnaire: Arc::clone(&kept.questionnaire), source, age_seconds }
    }
}
