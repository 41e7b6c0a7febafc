//! The record of calls: whether it opens, is up to date and can be written to.

use super::Finding;
use crate::calls::store::{CallStore, StoreError};
use crate::config::{Config, DatabaseUrl};

const NAME: &str = "database";

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    match write(&config.store.url).await {
        Ok(()) => vec![opened(config)],
        Err(error) => {
            vec![Finding::failed(NAME, format!("{error}: check DATABASE_URL; until then nobody is called"))]
        }
    }
}

/// Applies the migrations and writes as a claim would, without leaving anything.
async fn write(url: &DatabaseUrl) -> Result<(), StoreError> {
    CallStore::open(url).await?.ping().await
}

fn opened(config: &Config) -> Finding {
    // What the service itself warns of at its start.
    let warning = config.warnings.iter().find(|warning| warning.setting == DatabaseUrl::SETTING);
    match (warning, &config.store.url) {
        (Some(warning), _) => Finding::warning(NAME, warning.advice.clone()),
        (None, DatabaseUrl::Postgres(_)) => {
            Finding::ok(NAME, "PostgreSQL answers, is up to date and can be written")
        }
        (None, _) => Finding::ok(NAME, "the SQLite file opens, is up to date and can be written"),
    }
}
