//! Sound is relayed unchanged in both directions, in every format for which an agent can be configured.

use sellcruiting_webhook::sandbox::AudioFormat;
use serde_json::json;

use super::scripted;

/// No sample occurs twice; they are loud and quiet, in an order that no shift or swap preserves.
fn sound(seed: i16) -> Vec<i16> {
    (0..4_000_i16).map(|n| n.wrapping_mul(7_919).wrapping_add(seed)).collect()
}

/// What µ-law preserves of a sample: up to half a step of its segment is lost.
fn assert_close(one: &[i16], other: &[i16]) {
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        let loudness = i32::from(*one).abs();
        let off = (i32::from(*one) - i32::from(*other)).abs();
        assert!(off <= loudness / 32 + 8 || loudness > 32_124 && off < 700, "{one} became {other}");
    }
}

#[tokio::test]
async fn what_either_side_says_arrives_sample_by_sample_in_every_format() {
    let app = scripted().await.start().await;
    let invited = app.invite().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    for format in AudioFormat::ALL {
        elevenlabs.set_audio_formats(Some(format), format);
        let (mut page, agent) = invited.talk(elevenlabs).await;
        let (said, heard) = (sound(1), sound(-5));
        for frame in said.chunks(400) {
            page.speak(frame).await;
        }
        for frame in heard.chunks(997) {
            agent.send_audio(frame, 1);
        }
        let (at_agent, at_page) =
            (agent.wait_for_audio(said.len()).await, page.wait_for_audio(heard.len()).await.to_vec());
        if format == AudioFormat::Ulaw8000 {
            assert_close(&said, &at_agent);
            assert_close(&heard, &at_page);
        } else {
            assert_eq!(at_agent, said, "{format:?}");
            assert_eq!(at_page, heard, "{format:?}");
        }
        assert_eq!(agent.problem(), None, "{format:?}");
        page.leave().await;
    }
}

#[tokio::test]
async fn the_page_is_told_the_rates_of_both_directions_once() {
    let app = scripted().await.start().await;
    let invited = app.invite().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    for (input, output, rates) in [
        (Some(AudioFormat::Ulaw8000), AudioFormat::Pcm44100, (8_000, 44_100)),
        (Some(AudioFormat::Pcm48000), AudioFormat::Ulaw8000, (48_000, 8_000)),
        // An agent that does not announce its input format expects the usual one.
        (None, AudioFormat::Pcm22050, (16_000, 22_050)),
    ] {
        elevenlabs.set_audio_formats(input, output);
        let mut page = invited.open().await;
        let ready =
            json!({ "type": "ready", "input_rate": rates.0, "output_rate": rates.1, "max_seconds": 2_700 });
        assert_eq!(page.wait_for("ready").await, ready);
        page.press_end().await;
        page.end().await;
        assert_eq!(page.kinds(), ["ready", "ended"]);
    }
}

#[tokio::test]
async fn whoever_is_muted_is_not_heard_whatever_the_page_sends() {
    let app = scripted().await.start().await;
    let invited = app.invite().await;
    for (format, silence) in [(AudioFormat::Pcm16000, 0), (AudioFormat::Ulaw8000, 0)] {
        app.sandbox.elevenlabs.set_audio_formats(Some(format), format);
        let (mut page, agent) = invited.talk(&app.sandbox.elevenlabs).await;
        page.say(json!({ "type": "mute", "muted": true })).await;
        page.speak(&[9_000; 400]).await;
        page.say(json!({ "type": "mute", "muted": false })).await;
        page.speak(&[-31_100; 400]).await;
        let heard = agent.wait_for_audio(800).await;
        assert_eq!(heard[..400], [silence; 400]);
        assert!(heard[400..].iter().all(|sample| *sample < -30_000), "{format:?}");
        page.leave().await;
    }
}
