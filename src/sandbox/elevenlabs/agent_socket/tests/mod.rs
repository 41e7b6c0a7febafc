//! The agent's ear, voice and manners, without a connection.

mod ear;
mod interviewer;
mod pinger;
mod speech;
mod ulaw;
mod voice;
