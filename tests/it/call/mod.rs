//! A trigger with a number becomes one call: what ElevenLabs receives, and what HOC is told whatever happens there.

mod back_pressure;
mod dial_body;
mod elevenlabs_trouble;
mod hanging_up;
mod overrides;
mod placed;
mod providers;
mod templates;
