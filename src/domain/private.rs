//! A wrapper that keeps personal data out of logs.

use std::fmt;

/// Personal data: a name, a number, a prompt.
///
/// `Debug` masks it and there is no `Display`, so it cannot end up in a log line, a trace or an error by accident.
/// [`Private::reveal`] and [`Private::into_inner`] are the only ways to get at it, and easy to search for.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Borrows the value, for the step that really needs it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Unwraps the value, for the step that really needs it.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let name = Private::new("Erika".to_owned());
        assert_eq!(format!("{name:?}"), "[private]");
        assert_eq!(name.reveal(), "Erika");
    }
}
