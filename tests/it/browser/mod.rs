//! A talk in a real browser: everybody can use the page, what is said arrives, and every trouble has a way on.

mod access;
mod page;
mod parts;
mod sandbox;
mod secrets;
mod sound;
mod talk;
mod troubles;
