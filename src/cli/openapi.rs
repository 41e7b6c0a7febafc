//! `openapi`: prints the specification, for tools that want a file.

use std::error::Error;

use super::print;
use crate::http::openapi;

pub(super) fn openapi() -> Result<(), Box<dyn Error>> {
    Ok(print(openapi::json())?)
}
