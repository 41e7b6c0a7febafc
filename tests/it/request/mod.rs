//! What HOC may send, and what anybody else may: who gets in, what is understood, and what is refused with its reason.

mod authentication;
mod bodies;
mod fields;
mod habits;
mod id;
mod paths;
mod slow_clients;
mod telephone_numbers;
mod wrong_keys;
