//! `openapi`: the specification, for tools that want a file.

use std::error::Error;
use std::io::{self, Write};

use crate::http::openapi;

pub(super) fn openapi() -> Result<(), Box<dyn Error>> {
    match io::stdout().write_all(openapi::json().as_bytes()) {
        // Whoever reads may have enough before the end, like `head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}
