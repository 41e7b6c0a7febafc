//! The record of calls: whether it opens, is up to date and can be written to.

use super::Finding;
use crate::calls::store::{CallStore, StoreError};
use crate::config::{Config, DatabaseUrl};

const NAME: &str = "database";

/// Where Render's services are. Without a disk their files are gone at every deploy.
const RENDER: &str = ".onrender.com";

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
    let base = config.http.public_base_url.as_ref();
    let on_render = base.and_then(|url| url.host_str()).is_some_and(|host| host.ends_with(RENDER));
    match &config.store.url {
        DatabaseUrl::SqliteMemory => Finding::warning(
            NAME,
            "sqlite::memory: forgets every call when the process ends, so a retry may ring twice: use a file or \
             PostgreSQL",
        ),
        DatabaseUrl::SqliteFile(_) if on_render => Finding::warning(
            NAME,
            "a SQLite file on Render is gone at every deploy, so a retry may ring twice: use PostgreSQL",
        ),
        DatabaseUrl::SqliteFile(_) => {
            Finding::ok(NAME, "the SQLite file opens, is up to date and can be written")
        }
        DatabaseUrl::Postgres(_) => Finding::ok(NAME, "PostgreSQL answers, is up to date and can be written"),
    }
}
